use super::{JsString, Number};

/// A range of bytes in the text that was read; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A JSON value and where it stands.
///
/// Two values are equal when their kinds are: the place does not count.
#[derive(Debug, Clone)]
pub struct Value {
    /// Where it stands; empty for a value that was made rather than read.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a JSON value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A string; it may hold lone surrogates.
    String(JsString),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// The members of an object in their order, duplicates included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object(Vec<Member>);

/// One member of an object.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its key.
    pub key: JsString,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

impl Span {
    /// The range from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether nothing lies in it, as in a value that was made.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The same range, counted from a place `offset` bytes earlier.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self::new(self.start + offset, self.end + offset)
    }
}

impl Value {
    /// Makes `null`.
    pub const fn null() -> Self {
        Self::made(Kind::Null)
    }

    /// Makes a truth value.
    pub const fn bool(value: bool) -> Self {
        Self::made(Kind::Bool(value))
    }

    /// Makes a number.
    pub fn number(value: u64) -> Self {
        Self::made(Kind::Number(Number::from(value)))
    }

    /// Makes a number with a sign.
    pub fn integer(value: i64) -> Self {
        Self::made(Kind::Number(Number::from(value)))
    }

    /// Makes a number as JavaScript prints it; not-a-number and infinities become `null`, as they do there.
    pub fn float(value: f64) -> Self {
        Number::from_f64(value).map_or(Self::null(), |number| Self::made(Kind::Number(number)))
    }

    /// Makes a string.
    pub fn string(text: impl Into<JsString>) -> Self {
        Self::made(Kind::String(text.into()))
    }

    /// Makes an array.
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self::made(Kind::Array(items.into_iter().collect()))
    }

    /// Makes an object.
    pub fn object<K: Into<JsString>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::made(Kind::Object(members.into_iter().collect()))
    }

    /// The member of that key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// The text, if this is a string without lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        self.as_string()?.as_str()
    }

    /// The string, if this is one.
    pub const fn as_string(&self) -> Option<&JsString> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub const fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub const fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members for changing, if this is an object.
    pub const fn as_object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// What this is, in words for a message: "a string", "an object".
    pub const fn kind_in_words(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    const fn made(kind: Kind) -> Self {
        Self {
            span: Span::new(0, 0),
            kind,
        }
    }
}

impl Object {
    /// The value of that key; of several, the last one, as in JavaScript.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }

    /// The member of that key; of several, the last one, as in JavaScript.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.0.iter().rev().find(|member| member.key == *key)
    }

    /// All members in their order, duplicates included.
    pub fn members(&self) -> &[Member] {
        &self.0
    }

    /// Whether there is no member.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives a key this value: at its first place if it is there already, else at the end.
    pub fn set(&mut self, key: impl Into<JsString>, value: Value) {
        let key = key.into();
        let Some(first) = self.0.iter().position(|member| member.key == key) else {
            self.0.push(Member::made(key, value));
            return;
        };
        let mut index = 0;
        self.0.retain(|member| {
            index += 1;
            index - 1 <= first || member.key != key
        });
        self.0[first].value = value;
    }

    /// Takes a key away, with all its duplicates; says whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|member| member.key != *key);
        self.0.len() < before
    }

    pub(crate) const fn from_members(members: Vec<Member>) -> Self {
        Self(members)
    }

    pub(crate) fn into_members(self) -> Vec<Member> {
        self.0
    }
}

impl Member {
    pub(crate) const fn made(key: JsString, value: Value) -> Self {
        Self {
            key,
            key_span: Span::new(0, 0),
            value,
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl<K: Into<JsString>> FromIterator<(K, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        Self(
            members
                .into_iter()
                .map(|(key, value)| Member::made(key.into(), value))
                .collect(),
        )
    }
}
