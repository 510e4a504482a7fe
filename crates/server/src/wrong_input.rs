//! What is wrong with a request, in this product's words: those of the libraries that read it stay out.

use api::FieldError;

use crate::error::AppError;

/// What a JSON body is wrong with, from the words of the reader: place, mistake, line and column.
pub(crate) fn in_json(told: &str, is_json: bool) -> AppError {
    let (told, position) = without_position(told);
    if !is_json {
        return AppError::bad_request(match position {
            Some((line, column)) => {
                format!("The body is not JSON: line {line}, column {column}.")
            }
            None => "The body is not JSON.".to_owned(),
        });
    }
    let (place, told) = place_and_mistake(told);
    let mistake = Mistake::of(told);
    let pointer = pointer(place, mistake.field());
    let detail = mistake.sentence(place.filter(|place| !place.is_empty()), "The body");
    AppError::invalid_fields(vec![FieldError {
        pointer,
        code: mistake.code().to_owned(),
        detail,
        hint: None,
    }])
}

/// What a query string or form is wrong with; `what` names it.
pub(crate) fn in_fields(told: &str, what: &'static str) -> AppError {
    let told = told
        .split_once(": ")
        .filter(|(before, _)| before.starts_with("Failed to deserialize"))
        .map_or(told, |(_, reason)| reason);
    let (place, told) = place_and_mistake(told);
    let sentence = Mistake::of(told).sentence(place, what);
    AppError::bad_request(sentence)
}

/// How a reader's sentences about a mistake begin; what stands before one of them is the place.
const BEGINNINGS: [&str; 8] = [
    "invalid ",
    "missing field",
    "unknown ",
    "duplicate field",
    "not an identifier",
    "provided string",
    "number too ",
    "cannot parse",
];

/// Splits `url: missing field …` into the place and the mistake.
fn place_and_mistake(told: &str) -> (Option<&str>, &str) {
    if BEGINNINGS
        .iter()
        .any(|beginning| told.starts_with(beginning))
    {
        return (None, told);
    }
    match told.split_once(": ") {
        Some((place, mistake)) if !place.contains(' ') => (Some(place), mistake),
        _ => (None, told),
    }
}

/// Splits off ` at line 1 column 20`.
fn without_position(told: &str) -> (&str, Option<(u32, u32)>) {
    let split = || {
        let (before, position) = told.rsplit_once(" at line ")?;
        let (line, column) = position.split_once(" column ")?;
        Some((before, (line.parse().ok()?, column.parse().ok()?)))
    };
    split().map_or((told, None), |(before, position)| (before, Some(position)))
}

/// What a reader found wrong.
#[derive(Debug, PartialEq, Eq)]
enum Mistake<'a> {
    Missing(&'a str),
    Unknown {
        field: &'a str,
        known: &'a str,
    },
    Twice(&'a str),
    WrongType {
        found: &'static str,
        expected: String,
    },
    UnknownValue {
        value: &'a str,
        known: &'a str,
    },
    NoIdentifier,
    NoNumber,
    NoTruth,
    Other,
}

impl<'a> Mistake<'a> {
    fn of(told: &'a str) -> Self {
        let (first, rest) = told.split_once(", expected ").unwrap_or((told, ""));
        let quoted = || first.split('`').nth(1).unwrap_or_default();
        if first.starts_with("missing field") {
            Self::Missing(quoted())
        } else if first.starts_with("unknown field") {
            Self::Unknown {
                field: quoted(),
                known: rest,
            }
        } else if first.starts_with("duplicate field") {
            Self::Twice(quoted())
        } else if first.starts_with("unknown variant") {
            Self::UnknownValue {
                value: quoted(),
                known: rest,
            }
        } else if first.starts_with("not an identifier") {
            Self::NoIdentifier
        } else if let Some(found) = first.strip_prefix("invalid type: ") {
            Self::WrongType {
                found: type_found(found),
                expected: type_wanted(rest),
            }
        } else if first.starts_with("invalid value: integer")
            || first.starts_with("invalid digit")
            || first.starts_with("number too ")
            || first.starts_with("cannot parse integer")
        {
            Self::NoNumber
        } else if first.starts_with("provided string was not") {
            Self::NoTruth
        } else {
            Self::Other
        }
    }

    /// The field that the place does not name.
    fn field(&self) -> Option<&'a str> {
        match self {
            Self::Missing(field) => Some(field),
            _ => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Unknown { .. } => "unknown-field",
            Self::Twice(_) => "given-twice",
            Self::UnknownValue { .. } => "unknown-value",
            Self::NoIdentifier => "not-an-identifier",
            Self::WrongType { .. } | Self::NoNumber | Self::NoTruth => "wrong-type",
            Self::Other => "not-understood",
        }
    }

    fn sentence(&self, place: Option<&str>, whole: &str) -> String {
        let subject = place.map_or_else(|| whole.to_owned(), |place| format!("`{place}`"));
        match self {
            Self::Missing(field) => match place.filter(|place| *place != *field) {
                Some(place) => format!("`{field}` is missing in `{place}`."),
                None => format!("`{field}` is missing."),
            },
            Self::Unknown { field, known } => match listed(known).as_str() {
                "" => format!("There is no field `{field}`."),
                known => format!("There is no field `{field}`; there are {known}."),
            },
            Self::Twice(field) => format!("`{field}` is given twice."),
            Self::WrongType { found, expected } => {
                format!("{subject} is {found}; it must be {expected}.")
            }
            Self::UnknownValue { value, known } => {
                format!(
                    "{subject} is `{value}`, which is none of {}.",
                    listed(known)
                )
            }
            Self::NoIdentifier => format!("{subject} is no identifier of this server."),
            Self::NoNumber => format!("{subject} must be a whole number that is not too large."),
            Self::NoTruth => format!("{subject} must be `true` or `false`."),
            Self::Other => format!("{subject} cannot be understood."),
        }
    }
}

/// The names in ``one of `a`, `b` ``, as a list of literals.
fn listed(known: &str) -> String {
    let names: Vec<String> = known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn type_found(found: &str) -> &'static str {
    match found.split([' ', '`', '"']).next().unwrap_or_default() {
        "string" => "text",
        "integer" | "floating" => "a number",
        "boolean" => "`true` or `false`",
        "null" | "unit" | "Option" => "`null`",
        "sequence" => "a list",
        "map" => "an object",
        _ => "something else",
    }
}

fn type_wanted(expected: &str) -> String {
    let first = expected.split_whitespace().next().unwrap_or_default();
    let wanted = match (first, expected) {
        ("u8" | "u16" | "u32" | "u64" | "usize", _) => "a whole number from 0",
        ("i8" | "i16" | "i32" | "i64", _) => "a whole number",
        ("f32" | "f64", _) => "a number",
        (_, "a string" | "string or map") => "text",
        (_, "a boolean") => "`true` or `false`",
        (_, "a sequence") => "a list",
        (_, "a map") | ("struct" | "internally" | "tuple", _) => "an object",
        ("enum" | "variant", _) => "one of the words that the description names",
        ("not", _) => "an identifier",
        _ => "of another kind",
    };
    wanted.to_owned()
}

/// JSON pointer of a place such as `agents[0].name`, with a field below it.
fn pointer(place: Option<&str>, field: Option<&str>) -> String {
    let place = place.unwrap_or_default().replace('[', ".").replace(']', "");
    let steps = place
        .split('.')
        .chain(field)
        .filter(|step| !step.is_empty());
    steps.fold(String::new(), |pointer, step| {
        pointer + "/" + &step.replace('~', "~0").replace('/', "~1")
    })
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;
    use model::RegistryId;
    use serde::Deserialize;

    use super::*;
    use crate::extract::from_slice;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Body {
        name: String,
        #[serde(default)]
        count: Option<u64>,
        #[serde(default)]
        keep: bool,
        #[serde(default)]
        places: Vec<Place>,
        #[serde(default)]
        order: Option<api::SortOrder>,
        #[serde(default)]
        registry: Option<RegistryId>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Place {
        host: String,
    }

    #[test]
    fn a_wrong_body_is_told_with_its_place_and_in_our_words() {
        for (body, pointer, detail) in [
            (r"{}", "/name", "`name` is missing."),
            (
                r#"{"name": 5}"#,
                "/name",
                "`name` is a number; it must be text.",
            ),
            (
                r#"{"name": null}"#,
                "/name",
                "`name` is `null`; it must be text.",
            ),
            (
                r#"{"name": "", "count": "5"}"#,
                "/count",
                "`count` is text; it must be a whole number from 0.",
            ),
            (
                r#"{"name": "", "count": -5}"#,
                "/count",
                "`count` must be a whole number that is not too large.",
            ),
            (
                r#"{"name": "", "keep": 1}"#,
                "/keep",
                "`keep` is a number; it must be `true` or `false`.",
            ),
            (
                r#"{"name": "", "places": {}}"#,
                "/places",
                "`places` is an object; it must be a list.",
            ),
            (
                r#"{"name": "", "places": [{"host": "a"}, {}]}"#,
                "/places/1/host",
                "`host` is missing in `places[1]`.",
            ),
            (
                r#"{"name": "", "places": [3]}"#,
                "/places/0",
                "`places[0]` is a number; it must be an object.",
            ),
            (
                r#"{"name": "", "order": "best"}"#,
                "/order",
                "`order` is `best`, which is none of `name`, `registry`, `newest`, `changed`, `size`.",
            ),
            (
                r#"{"name": "", "registry": "x"}"#,
                "/registry",
                "`registry` is no identifier of this server.",
            ),
            (
                r#"{"name": "", "registry": 7}"#,
                "/registry",
                "`registry` is no identifier of this server.",
            ),
            (r#"{"name": "", "name": ""}"#, "", "`name` is given twice."),
            (r"7", "", "The body is a number; it must be an object."),
        ] {
            let Err(error) = from_slice::<Body>(body.as_bytes()) else {
                panic!("{body} was taken");
            };
            let problem = error.to_problem();
            assert_eq!(problem.status, 422, "{body}");
            assert_eq!(problem.detail, detail, "{body}");
            assert_eq!(problem.errors[0].detail, detail, "{body}");
            assert_eq!(problem.errors[0].pointer, pointer, "{body}");
        }
        let unknown = from_slice::<Body>(br#"{"address": ""}"#).unwrap_err();
        assert_eq!(
            unknown.detail(),
            "There is no field `address`; there are `name`, `count`, `keep`, `places`, `order`, `registry`."
        );
        for (body, detail) in [
            ("{\n\"name\"", "The body is not JSON: line 2, column 6."),
            ("", "The body is not JSON: line 1, column 0."),
        ] {
            let problem = from_slice::<Body>(body.as_bytes())
                .unwrap_err()
                .to_problem();
            assert_eq!((problem.status, problem.detail.as_str()), (400, detail));
        }
    }

    #[test]
    fn a_wrong_query_is_told_in_our_words() {
        for (query, detail) in [
            (
                "per_page=many",
                "`per_page` must be a whole number that is not too large.",
            ),
            (
                "per_page=-1",
                "`per_page` must be a whole number that is not too large.",
            ),
            (
                "page=99999999999",
                "`page` must be a whole number that is not too large.",
            ),
            ("installed=yes", "`installed` must be `true` or `false`."),
            ("registry=x", "`registry` is no identifier of this server."),
            (
                "sort=best",
                "`sort` is `best`, which is none of `name`, `registry`, `newest`, `changed`, `size`.",
            ),
            (
                "unfit=1",
                "`unfit` is `1`, which is none of `hide`, `show`.",
            ),
            ("page=1&page=2", "`page` is given twice."),
        ] {
            let uri = format!("/?{query}").parse().unwrap();
            let refusal = Query::<api::ListingsQuery>::try_from_uri(&uri).unwrap_err();
            let error = in_fields(&refusal.body_text(), "The query");
            assert_eq!(error.detail(), detail, "{query}: {}", refusal.body_text());
        }
    }
}
