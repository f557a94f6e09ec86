//! Which case proves which fact of the catalog.
