//! The models that diesel-drift guards in its own repository.
