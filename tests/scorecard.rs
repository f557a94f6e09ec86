//! Seed 1's definition of done, as the scorecard tells it: every line of it is green.

use diesel_drift::Project;
use diesel_drift::report::{Style, write_scorecard};
use diesel_drift::scorecard::{ScorecardOptions, Status, scorecard};

#[test]
fn every_line_of_the_definition_of_done_is_green() -> Result<(), Box<dyn std::error::Error>> {
    let project = Project::discover(env!("CARGO_MANIFEST_DIR"))?;
    let options = ScorecardOptions {
        quick: false,
        provision: project.provision_options(),
    };
    let card = scorecard(&project, &options, &mut |_| {})?;
    let mut text = Vec::new();
    write_scorecard(&card, Style::default(), &mut text)?;
    let text = String::from_utf8(text)?;
    assert_eq!(card.worst(), Status::Green, "{text}");
    // Nothing is green for not being asked for.
    assert_eq!(card.unasked, [] as [&str; 0], "{text}");
    Ok(())
}
