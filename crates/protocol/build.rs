//! Turns `data/*.csv` into sorted tables at compile time. A row that breaks a rule fails the
//! build with the file and line, so that no wrong row can reach a verdict at run time.

#[path = "build/codes.rs"]
mod codes;
#[path = "build/rows.rs"]
mod rows;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rows::{EVIDENCE, Row, field, one_of, read};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);

    let reasons = read(Path::new("data/reasons.csv"))?;
    std::fs::write(out.join("reasons.rs"), reason_table(&reasons)?)?;
    std::fs::write(
        out.join("deadlines.rs"),
        deadline_table(&read(Path::new("data/deadlines.csv"))?)?,
    )?;

    let known: Vec<&str> = reasons.iter().map(|(_, row)| field(row, "code")).collect();
    let mut files: Vec<PathBuf> = std::fs::read_dir("data/codes")?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|e| e == "csv"));
    files.sort();
    let mut codes = Vec::new();
    for file in &files {
        codes.extend(read(file)?);
    }
    let spelling = read(Path::new("data/spelling.csv"))?;
    std::fs::write(
        out.join("codes.rs"),
        codes::tables(&codes, &spelling, &known)?,
    )?;
    Ok(())
}

const CATEGORIES: &[(&str, &str)] = &[
    ("cancel", "Category::Cancel"),
    ("compliance", "Category::Compliance"),
    ("discrepancy", "Category::Discrepancy"),
    ("dispute", "Category::Dispute"),
    ("fallback", "Category::Fallback"),
    ("infrastructure", "Category::Infrastructure"),
    ("merchant", "Category::Merchant"),
    ("payee", "Category::Payee"),
    ("payer_decline", "Category::PayerDecline"),
    ("progress", "Category::Progress"),
    ("refund", "Category::Refund"),
    ("request", "Category::Request"),
    ("reversal", "Category::Reversal"),
    ("risk", "Category::Risk"),
    ("settlement", "Category::Settlement"),
    ("success", "Category::Success"),
    ("technical", "Category::Technical"),
    ("terminal", "Category::Terminal"),
    ("unknown", "Category::Unknown"),
];

/// The catalogue names roles more finely than a screen does.
const ACTORS: &[(&str, &str)] = &[
    ("none", "NextActor::Nobody"),
    ("payer", "NextActor::Payer"),
    ("merchant", "NextActor::Merchant"),
    ("terminal", "NextActor::Merchant"),
    ("issuer", "NextActor::Issuer"),
    ("network", "NextActor::Network"),
    ("switch", "NextActor::Network"),
    ("acquirer", "NextActor::Acquirer"),
    ("payee_bank", "NextActor::Acquirer"),
    ("provider", "NextActor::Acquirer"),
    ("risk_team", "NextActor::Acquirer"),
    ("status_service", "NextActor::Acquirer"),
    ("support", "NextActor::Support"),
    ("regulator", "NextActor::Support"),
];

const RETRIES: &[(&str, &str)] = &[
    ("yes", "Retry::Yes"),
    ("wait", "Retry::Wait"),
    ("no", "Retry::No"),
];

fn reason_table(rows: &[(String, Row)]) -> Result<String, Box<dyn Error>> {
    let known: Vec<&str> = rows.iter().map(|(_, row)| field(row, "code")).collect();
    let mut sorted = BTreeMap::new();
    for (place, row) in rows {
        let code = field(row, "code");
        let public = field(row, "public_reason");
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(
                format!("{place}: code must be lower case with underscores, got {code:?}").into(),
            );
        }
        if !known.contains(&public) {
            return Err(format!("{place}: public_reason {public:?} is no reason").into());
        }
        if sorted.insert(code, (place, row)).is_some() {
            return Err(format!("{place}: {code:?} stands twice").into());
        }
    }
    let mut consts = String::from("impl Reason {\n");
    let mut facts = String::from("pub(crate) static FACTS: &[Facts] = &[\n");
    for (code, (place, row)) in &sorted {
        writeln!(
            consts,
            "/// {}.\npub const {}: Self = Self(Cow::Borrowed({code:?}));",
            field(row, "meaning_en"),
            code.to_uppercase()
        )?;
        writeln!(
            facts,
            "Facts {{ code: {code:?}, public: {:?}, category: {}, evidence: {}, next_actor: {}, retry_same_means: {}, typical_time: {:?}, source: {:?}, meaning: {:?} }},",
            field(row, "public_reason"),
            one_of(place, "category", field(row, "category"), CATEGORIES)?,
            one_of(place, "evidence", field(row, "evidence"), EVIDENCE)?,
            one_of(place, "who_acts_next", field(row, "who_acts_next"), ACTORS)?,
            one_of(
                place,
                "retry_same_means",
                field(row, "retry_same_means"),
                RETRIES
            )?,
            field(row, "typical_resolution_time"),
            field(row, "resolution_time_source"),
            field(row, "meaning_en"),
        )?;
    }
    Ok(format!("{consts}}}\n{facts}];\n"))
}

fn deadline_table(rows: &[(String, Row)]) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("pub(crate) static RULES: &[Rule] = &[\n");
    for (place, row) in rows {
        let seconds: u32 = field(row, "seconds").parse().map_err(|e| {
            format!(
                "{place}: seconds must be a whole number, got {:?} ({e})",
                field(row, "seconds")
            )
        })?;
        if field(row, "source").is_empty() {
            return Err(
                format!("{place}: a deadline without a source is a promise without proof").into(),
            );
        }
        writeln!(
            table,
            "Rule {{ name: {:?}, scheme: {:?}, state: {:?}, seconds: {seconds}, source: {:?} }},",
            field(row, "rule"),
            field(row, "scheme"),
            field(row, "state"),
            field(row, "source"),
        )?;
    }
    Ok(table + "];\n")
}
