use super::entries::Entries;
use super::header::{not_json, read_header};
use super::{ListDocument, ListError, ListLimits};
use crate::definition::SchemaForm;
use crate::json::{self, Span};

/// Reads a published list.
///
/// The list as a whole must be JSON; a workspace in it that cannot be used is set aside with its reason and its place.
/// Workspaces are read one by one, so that the list is never held as a tree.
pub fn read_list(bytes: &[u8], limits: &ListLimits) -> Result<ListDocument, ListError> {
    if bytes.len() > limits.max_bytes {
        return Err(ListError::TooLarge {
            limit: limits.max_bytes,
        });
    }
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let start = json::skip_whitespace(bytes, mark);
    check_start(bytes, start)?;
    let header = read_header(bytes, start, limits)?;
    let Some((key, array)) = header.workspaces else {
        return Err(ListError::NotAList {
            message: "it has no `workspaces`".to_owned(),
        });
    };
    if bytes.get(array) != Some(&b'[') {
        return Err(ListError::NotAList {
            message: format!("its `{key}` is no array"),
        });
    }
    let says_form = header.has("channels") || header.has("default_channel");
    let mut document = header.into_document();
    if mark > 0 {
        document
            .notes
            .push("starts with a byte-order mark".to_owned());
    }
    if key == "apps" {
        let note = "written in the form before 1.0, where workspaces were `apps`";
        document.notes.push(note.to_owned());
    }
    let mut entries = Entries::new(bytes, key, *limits);
    read_entries(&mut entries, bytes, array, limits)?;
    match entries.invalid_utf8 {
        0 => {}
        1 => document
            .notes
            .push("1 workspace holds bytes that are no UTF-8".to_owned()),
        count => document
            .notes
            .push(format!("{count} workspaces hold bytes that are no UTF-8")),
    }
    document.entries = entries.read;
    document.set_aside = entries.set_aside;
    if !says_form {
        document.form = form_of_most(&document);
    }
    Ok(document)
}

/// Goes from workspace to workspace by quotes and brackets.
fn read_entries(
    entries: &mut Entries<'_>,
    bytes: &[u8],
    array: usize,
    limits: &ListLimits,
) -> Result<(), ListError> {
    let mut position = json::skip_whitespace(bytes, array + 1);
    if bytes.get(position) == Some(&b']') {
        return Ok(());
    }
    let mut count = 0;
    let mut first_left_out = position;
    loop {
        let Some(end) = json::end_of_value(bytes, position) else {
            return Err(not_json(bytes, bytes.len(), "the document ends too early"));
        };
        if count < limits.max_listings {
            entries.take(count, Span::new(position, end));
        } else if count == limits.max_listings {
            first_left_out = position;
        }
        count += 1;
        position = json::skip_whitespace(bytes, end);
        match bytes.get(position) {
            Some(b',') => position = json::skip_whitespace(bytes, position + 1),
            Some(b']') => break,
            _ => return Err(not_json(bytes, position, "expected `,` or `]`")),
        }
    }
    if count > limits.max_listings {
        entries.leave_out(count - limits.max_listings, first_left_out);
    }
    Ok(())
}

/// A list that does not say its form by its keys has that of most of its workspaces.
fn form_of_most(document: &ListDocument) -> SchemaForm {
    let newer = document
        .entries
        .iter()
        .filter(|entry| entry.definition.form == SchemaForm::V1_1)
        .count();
    if newer * 2 > document.entries.len() {
        SchemaForm::V1_1
    } else {
        SchemaForm::V1_0
    }
}

fn check_start(bytes: &[u8], start: usize) -> Result<(), ListError> {
    let (message, looks_like_html) = match bytes.get(start) {
        Some(b'{') => return Ok(()),
        None => ("the document is empty", false),
        Some(b'<') => ("this is a web page", true),
        Some(_) if json::parse(bytes, &limits_of_a_look()).errors.is_empty() => {
            return Err(ListError::NotAList {
                message: "it is no object".to_owned(),
            });
        }
        Some(_) => ("expected an object", false),
    };
    let (line, column) = json::line_column(bytes, start);
    Err(ListError::NotJson {
        line,
        column,
        message: message.to_owned(),
        looks_like_html,
    })
}

/// Enough to tell a small wrong document from what is no JSON at all.
const fn limits_of_a_look() -> json::Limits {
    json::Limits {
        max_bytes: 64 * 1024,
        max_depth: 64,
        max_errors: 1,
    }
}
