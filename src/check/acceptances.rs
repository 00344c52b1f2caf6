//! `accept`: the findings that declarations mean to live with.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, nearest};
use crate::policy::Acceptance;
use crate::source::Span;
use crate::syntax::ast::{Accept, Name};

impl Checker<'_> {
    /// Compiles every `accept` of the file, in the order of the text.
    pub(super) fn acceptances(&mut self) -> Vec<Acceptance> {
        let mut found = Vec::new();
        for header in self.names.headers.clone() {
            // What the policy itself accepts, it accepts everywhere.
            let everywhere = Span::new(0, u32::MAX);
            self.accept(&header.accepts, &header.name.node, everywhere, &mut found);
        }
        for reading in self.names.readings.clone() {
            self.accept(&reading.accepts, &reading.name.node, reading.span, &mut found);
        }
        for role in self.names.roles.clone() {
            self.accept(&role.accepts, &role.name.node, role.span, &mut found);
        }
        for event in self.names.events.clone() {
            self.accept(&event.accepts, &event.name.node, event.span, &mut found);
        }
        for state in self.names.states.clone() {
            self.accept(&state.accepts, &state.name.node, state.span, &mut found);
        }
        for rule in self.names.rules.clone() {
            let head = rule.head();
            self.accept(&head.accepts, &head.name.node, head.span, &mut found);
            for stage in rule.stages() {
                let holder = format!("stage {} of {}", stage.number.node, head.name.node);
                self.accept(&stage.accepts, &holder, stage.span, &mut found);
            }
        }
        found.sort_by_key(|acceptance| acceptance.origin.start);
        found
    }

    fn accept(
        &mut self,
        accepts: &[Accept],
        holder: &str,
        scope: Span,
        found: &mut Vec<Acceptance>,
    ) {
        for accept in accepts {
            for name in &accept.findings {
                let Some(code) = self.finding(name) else {
                    continue;
                };
                found.push(Acceptance {
                    code,
                    holder: holder.to_owned(),
                    scope,
                    reason: accept.reason.node.clone(),
                    origin: name.span,
                    clause: (accept.findings.len() == 1).then_some(accept.span),
                });
            }
        }
    }

    /// The kind of finding that a name or a number stands for, if it can be accepted.
    fn finding(&mut self, name: &Name) -> Option<Code> {
        let Some(code) = Code::find(&name.node) else {
            self.report(unknown_finding(name));
            return None;
        };
        if code.severity() == Severity::Error {
            self.report(not_acceptable(name, code));
            return None;
        }
        Some(code)
    }
}

fn unknown_finding(name: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        format!("there is no finding called `{}`", name.node),
        name.span,
        "not known",
    );
    let acceptable = Code::ALL.iter().filter(|code| code.severity() != Severity::Error);
    let names: Vec<&str> = acceptable.flat_map(|code| [code.name(), code.number()]).collect();
    match nearest(&name.node, names) {
        Some(near) => {
            let near = Code::find(near).map_or(near, Code::name);
            diagnostic.help(format!("did you mean `{near}`?")).fix(Fix::new(
                format!("write `{near}`"),
                name.span,
                near,
            ))
        }
        None => diagnostic.help(
            "write the name that stands with the finding in the output of `duly check`, such as \
             `never-used`",
        ),
    }
}

fn not_acceptable(name: &Name, code: Code) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        format!("`{}` is an error, and only a warning or advice can be accepted", name.node),
        name.span,
        "cannot be accepted",
    )
    .help(format!("put right what raises it; `duly rule {}` says how", code.number()))
}
