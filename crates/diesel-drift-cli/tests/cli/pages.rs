use super::project::Project;
use diesel_drift::kinds;

#[test]
fn kinds_lists_every_kind() {
    let project = Project::empty();
    let text = project.run(&["kinds"]);
    assert_eq!(text.code, Some(0));
    let json = project.run(&["kinds", "--format", "json"]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json.len(), kinds::all().count());
    for (kind, (line, entry)) in kinds::all().zip(text.stdout.lines().zip(&json)) {
        assert!(
            line.starts_with(kind.id) && line.ends_with(kind.summary),
            "{line}"
        );
        assert_eq!(entry["id"], kind.id);
    }
}

#[test]
fn every_kind_is_explained_with_its_example() {
    let project = Project::empty();
    let shown = kinds::all().filter_map(|kind| Some((kind, kind.fixture.as_ref()?)));
    for (kind, fixture) in shown {
        let run = project.run(&["explain", kind.id]);
        assert_eq!(run.code, Some(0));
        assert!(
            run.stdout.starts_with(&format!("# {}\n", kind.id)),
            "{run:?}"
        );
        assert!(
            run.stdout.contains(fixture.page())
                && run.stdout.contains(fixture.findings())
                && run.stdout.contains(&format!("[{}]", kind.id)),
            "{run:?}"
        );
    }
}

#[test]
fn the_kinds_of_two_catalogs_are_explained_too() {
    let run = Project::empty().run(&["explain", "policy-unexpected"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.starts_with("# policy-unexpected\n"), "{run:?}");
    assert!(run.stdout.contains("docs/coverage.md"), "{run:?}");
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Project::empty().run(&["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(
            run.stdout.contains("diesel-drift") && run.stdout.contains("migration-dir"),
            "{shell}"
        );
    }
}
