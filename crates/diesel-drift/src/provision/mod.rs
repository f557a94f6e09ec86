//! Where a fresh database comes from.
