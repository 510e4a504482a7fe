use super::{ListEntry, ListLimits, SetAsideEntry};
use crate::ByteLimit;
use crate::definition::{Definition, Trouble};
use crate::json::{self, PlaceCursor, Span};

/// Reads the workspaces of a list one by one; each is forgotten but for what is kept of it.
pub(super) struct Entries<'a> {
    bytes: &'a [u8],
    key: &'static str,
    limits: ListLimits,
    places: PlaceCursor<'a>,
    pub(super) read: Vec<ListEntry>,
    pub(super) set_aside: Vec<SetAsideEntry>,
    /// How many workspaces hold bytes that are no UTF-8.
    pub(super) invalid_utf8: usize,
}

/// How many troubles of one workspace are told.
const MAX_TROUBLES: usize = 10;

impl<'a> Entries<'a> {
    pub(super) const fn new(bytes: &'a [u8], key: &'static str, limits: ListLimits) -> Self {
        Self {
            bytes,
            key,
            limits,
            places: PlaceCursor::new(bytes),
            read: Vec::new(),
            set_aside: Vec::new(),
            invalid_utf8: 0,
        }
    }

    /// Takes the workspace that stands at `span`: uses it or sets it aside.
    pub(super) fn take(&mut self, position: usize, span: Span) {
        if span.is_empty() {
            return self.put_aside(
                position,
                None,
                "",
                span.start,
                "a workspace is missing here",
            );
        }
        if span.end - span.start > self.limits.max_listing_bytes {
            let reason = format!(
                "longer than {}",
                ByteLimit(self.limits.max_listing_bytes as u64)
            );
            return self.put_aside(position, None, "", span.start, reason);
        }
        let limits = json::Limits {
            max_bytes: self.limits.max_listing_bytes,
            // The list and its array are two levels above.
            max_depth: self.limits.max_depth.saturating_sub(2),
            max_errors: 1,
        };
        let source = &self.bytes[span.start..span.end];
        let parsed = json::parse(source, &limits);
        if let Some(error) = parsed.errors.first() {
            let offset = span.start + error.span.start;
            return self.put_aside(position, None, "", offset, error.message.clone());
        }
        let Some(value) = parsed.value else {
            return self.put_aside(position, None, "", span.start, "expected a value");
        };
        let (definition, troubles) = match Definition::read(&value) {
            Ok(read) => read,
            Err(trouble) => {
                let name = value.get("name").and_then(json::Value::as_string);
                let name = name.map(crate::definition::storable);
                let offset = span.start + trouble.span.start;
                return self.put_aside(position, name, &trouble.pointer, offset, trouble.message);
            }
        };
        if parsed.invalid_utf8 {
            self.invalid_utf8 += 1;
        }
        let troubles = self.describe(position, span.start, troubles);
        self.read.push(ListEntry {
            position,
            definition,
            json: String::from_utf8_lossy(source).into_owned(),
            troubles,
        });
    }

    /// Says that there are more workspaces than are read.
    pub(super) fn leave_out(&mut self, count: usize, offset: usize) {
        let limit = self.limits.max_listings;
        let place = self.place(limit, "", offset);
        self.set_aside.push(SetAsideEntry {
            position: None,
            name: None,
            place,
            reason: format!("the list has {count} more than the {limit} workspaces that are read"),
        });
    }

    fn put_aside(
        &mut self,
        position: usize,
        name: Option<String>,
        pointer: &str,
        offset: usize,
        reason: impl Into<String>,
    ) {
        let place = self.place(position, pointer, offset);
        self.set_aside.push(SetAsideEntry {
            position: Some(position),
            name,
            place,
            reason: reason.into(),
        });
    }

    fn describe(
        &mut self,
        position: usize,
        start: usize,
        mut troubles: Vec<Trouble>,
    ) -> Vec<String> {
        // In the order of the text: the cursor goes forward only.
        troubles.sort_by_key(|trouble| trouble.span.start);
        troubles.truncate(MAX_TROUBLES);
        troubles
            .into_iter()
            .map(|trouble| {
                let place = self.place(position, &trouble.pointer, start + trouble.span.start);
                format!("{place}: {}", trouble.message)
            })
            .collect()
    }

    fn place(&mut self, position: usize, pointer: &str, offset: usize) -> String {
        let (line, column) = self.places.line_column(offset);
        format!(
            "/{}/{position}{pointer} (line {line}, column {column})",
            self.key
        )
    }
}
