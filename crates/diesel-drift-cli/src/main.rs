//! The command `diesel-drift`.
fn main() {}
