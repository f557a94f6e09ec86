use super::project::Project;
use diesel_drift::kinds::KINDS;

#[test]
fn kinds_lists_every_kind() {
    let project = Project::empty();
    let text = project.run(&["kinds"]);
    assert_eq!(text.code, Some(0));
    let json = project.run(&["kinds", "--format", "json"]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json.len(), KINDS.len());
    for (kind, (line, entry)) in KINDS.iter().zip(text.stdout.lines().zip(&json)) {
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
    for kind in KINDS {
        let run = project.run(&["explain", kind.id]);
        assert_eq!(run.code, Some(0));
        assert!(
            run.stdout.starts_with(&format!("# {}\n", kind.id)),
            "{run:?}"
        );
        assert!(
            run.stdout.contains(kind.fixture.drift)
                && run.stdout.contains(&format!("[{}]", kind.id)),
            "{run:?}"
        );
    }
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
