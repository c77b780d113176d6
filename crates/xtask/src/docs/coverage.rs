//! The causes of a dispute and the remedies for one, each with what covers it, and the faults of these tables.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};

use super::reference::{self, Index, Kind, Reference};
use super::table::{self, Row};

/// A row of causes or remedies.
pub(crate) struct Line {
    pub(crate) row: Row,
    pub(crate) covered_by: Vec<Reference>,
}

impl Line {
    /// The note says what is missing.
    pub(crate) fn is_partly(&self) -> bool {
        self.row.get("note").contains("Not here:")
    }
}

/// Whether reports of a payment can show a cause.
pub(crate) const OBSERVABLE: [(&str, &str); 3] = [
    ("yes", "shows in the reports of a payment"),
    (
        "advice",
        "shows by its effect only, or is answered by advice",
    ),
    ("outside", "outside of a status system"),
];

pub(crate) struct Coverage {
    pub(crate) causes: Vec<Line>,
    pub(crate) remedies: Vec<Line>,
}

impl Coverage {
    /// Reads both tables; all their faults make one error.
    pub(crate) fn read(root: &Path, index: &Index) -> Result<Self> {
        let causes = table::read(
            root,
            "docs/coverage/causes.csv",
            &[
                "id",
                "cause_zh",
                "cause_en",
                "observable",
                "covered_by",
                "note",
            ],
        )?;
        let remedies = table::read(
            root,
            "docs/coverage/remedies.csv",
            &["id", "remedy_zh", "remedy_en", "covered_by", "note"],
        )?;
        let mut faults = Vec::new();
        let coverage = Self {
            causes: lines(causes, index, &mut faults),
            remedies: lines(remedies, index, &mut faults),
        };
        for cause in &coverage.causes {
            check_cause(cause, &mut faults);
        }
        if !faults.is_empty() {
            bail!(
                "the coverage tables have faults:\n  {}",
                faults.join("\n  ")
            );
        }
        Ok(coverage)
    }
}

/// The rows with their references; what is wrong with any row is added to `faults`.
fn lines(rows: Vec<Row>, index: &Index, faults: &mut Vec<String>) -> Vec<Line> {
    let mut ids = BTreeSet::new();
    let mut lines = Vec::new();
    for row in rows {
        let mut fault =
            |what: String| faults.push(format!("{} ({}): {what}", row.place, row.get("id")));
        if !ids.insert(row.get("id").to_owned()) {
            fault("the id stands twice".to_owned());
        }
        let covered_by = reference::parse(row.get("covered_by")).unwrap_or_else(|word| {
            fault(format!(
                "expected a reference such as `reason:…`, got `{word}`"
            ));
            Vec::new()
        });
        for (index_of, found) in covered_by.iter().enumerate() {
            let named = format!("{}:{}", found.kind.name(), found.value);
            if index.link(found).is_none() {
                fault(format!("`{named}` leads to nothing"));
            }
            if covered_by
                .iter()
                .take(index_of)
                .any(|earlier| earlier == found)
            {
                fault(format!("`{named}` stands twice"));
            }
        }
        if row.get("covered_by").is_empty() && row.get("note").is_empty() {
            fault("nothing covers it, and no note says why".to_owned());
        }
        lines.push(Line { row, covered_by });
    }
    lines
}

fn check_cause(cause: &Line, faults: &mut Vec<String>) {
    let mut fault = |what: String| {
        faults.push(format!(
            "{} ({}): {what}",
            cause.row.place,
            cause.row.get("id")
        ))
    };
    let has_reason = cause
        .covered_by
        .iter()
        .any(|found| found.kind == Kind::Reason);
    match cause.row.get("observable") {
        "yes" if !has_reason => fault("it can be observed, so it needs a `reason:`".to_owned()),
        "outside" if !cause.covered_by.is_empty() => {
            fault("it is outside, so nothing can cover it".to_owned());
        }
        "outside" if cause.row.get("note").is_empty() => {
            fault("no note says why it is outside".to_owned())
        }
        "yes" | "advice" | "outside" => {}
        other => fault(format!(
            "observable: expected yes, advice or outside, got `{other}`"
        )),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::docs::words::Words;
    use crate::project::Project;

    fn faults_of(row: &str) -> Vec<String> {
        let root = Project::locate().expect("the project").root;
        let words = Words::read(&root).expect("words");
        let index = Index::read(&root, &words).expect("an index");
        let columns = ["id", "observable", "covered_by", "note"];
        let text = format!("{}\n{row}\n", columns.join(","));
        let mut faults = Vec::new();
        let lines = lines(
            table::rows("t", &text, &columns).expect("rows"),
            &index,
            &mut faults,
        );
        lines.iter().for_each(|line| check_cause(line, &mut faults));
        faults
    }

    #[test]
    fn a_good_row_has_no_fault() {
        for row in [
            "S1,yes,reason:issuer_timeout route:GET /v1/transactions answer:match_code doc:README.md,",
            "S1,advice,state:checking step:keep_screen feature:one_answer,",
            "S1,outside,,because",
            "S1,advice,,because",
        ] {
            assert_eq!(faults_of(row), Vec::<String>::new(), "{row}");
        }
    }

    #[test]
    fn a_bad_row_is_named_with_its_fault() {
        for (row, fault) in [
            ("S1,advice,,", "nothing covers it, and no note says why"),
            ("S1,yes,state:checking,", "needs a `reason:`"),
            (
                "S1,yes,reason:nonsense,",
                "`reason:nonsense` leads to nothing",
            ),
            ("S1,advice,state:gone,", "`state:gone` leads to nothing"),
            ("S1,advice,answer:mood,", "`answer:mood` leads to nothing"),
            ("S1,advice,step:dance,", "`step:dance` leads to nothing"),
            (
                "S1,advice,feature:magic,",
                "`feature:magic` leads to nothing",
            ),
            (
                "S1,advice,route:GET /v1,",
                "`route:GET /v1` leads to nothing",
            ),
            (
                "S1,advice,doc:docs/no.md,",
                "`doc:docs/no.md` leads to nothing",
            ),
            ("S1,advice,something else,", "got `something`"),
            ("S1,advice,state:paid state:paid,", "stands twice"),
            ("S1,outside,state:paid,why", "nothing can cover it"),
            ("S1,maybe,state:paid,", "got `maybe`"),
            (
                "S1,advice,state:paid,\nS1,advice,state:paid,",
                "the id stands twice",
            ),
        ] {
            let faults = faults_of(row);
            assert_eq!(faults.len(), 1, "{row}: {faults:?}");
            let found = faults.concat();
            assert!(
                found.contains(fault) && found.contains("(S1)"),
                "{row}: {found}"
            );
        }
    }
}
