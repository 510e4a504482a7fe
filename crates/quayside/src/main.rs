//! The quayside command.
fn main() {}
