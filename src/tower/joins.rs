//! What Diesel CLI cannot print, because it prints one PostgreSQL schema at a time: the join from one to another.

use crate::schema::cwom::issues;
use crate::schema::tower::tasks;

diesel::joinable!(tasks -> issues (cwom_issue_id));
diesel::allow_tables_to_appear_in_same_query!(tasks, issues);
