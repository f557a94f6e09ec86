//! What a parser of GitHub's Markdown reads in the pages.

use super::support::{databases, pages_of};
use diesel_drift::docs::Page;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use std::collections::{BTreeMap, BTreeSet};

/// The only elements of HTML that pages have, beside `<a id="…">`.
const ELEMENTS: [&str; 6] = ["</a>", "<br>", "<code>", "</code>", "<span>", "</span>"];

/// What a page offers and what it leads to; a text that made anything else of the page fails.
#[derive(Default)]
struct Read {
    anchors: BTreeSet<String>,
    links: Vec<String>,
    headings: usize,
    blocks: BTreeMap<String, usize>,
}

fn read(name: &str, page: &Page) -> Read {
    let mut read = Read::default();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(&page.text, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => read.links.push(dest_url.into_string()),
            Event::Start(Tag::Heading { .. }) => read.headings += 1,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                *read.blocks.entry(language.into_string()).or_default() += 1;
            }
            Event::Start(
                Tag::Paragraph
                | Tag::HtmlBlock
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            )
            | Event::End(_)
            | Event::Text(_)
            | Event::Code(_)
            | Event::SoftBreak => {}
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                match html.strip_prefix("<a id=\"") {
                    Some(rest) => {
                        let id = rest.trim_end_matches("</a>").strip_suffix("\">").unwrap();
                        assert!(
                            read.anchors.insert(id.to_owned()),
                            "{name}: {}: {id} twice",
                            page.file
                        );
                    }
                    None => assert!(
                        ELEMENTS.contains(&html)
                            || html.starts_with("<!-- d") && html.ends_with("-->"),
                        "{name}: {}: {html}",
                        page.file
                    ),
                }
            }
            other => panic!("{name}: {}: {other:?}", page.file),
        }
    }
    read
}

#[test]
fn pages_hold_what_is_written_into_them_and_every_link_leads_somewhere() {
    for (name, live) in databases() {
        let pages = pages_of(&live);
        let read: BTreeMap<_, _> = (pages.iter())
            .map(|page| (page.file.as_str(), read(name, page)))
            .collect();
        let mut followed = 0;
        for (file, page) in &read {
            for link in &page.links {
                let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
                // As a browser reads it.
                let target = percent_encoding::percent_decode_str(target)
                    .decode_utf8()
                    .unwrap();
                let target = if target.is_empty() {
                    file
                } else {
                    target.as_ref()
                };
                let page = read
                    .get(target)
                    .unwrap_or_else(|| panic!("{name}: {file}: no page for {link}"));
                assert!(
                    anchor.is_empty() || page.anchors.contains(anchor),
                    "{name}: {file}: {link} leads nowhere"
                );
                followed += 1;
            }
        }
        assert!(followed > 20, "{name}: {followed} links");
        let tables = live.catalog.relations.iter();
        let sections =
            tables.filter(|it| it.partition_of.is_none()).count() + live.catalog.composites.len();
        let anchored: usize = (read.values().flat_map(|page| &page.anchors))
            .filter(|anchor| anchor.starts_with("table."))
            .count();
        assert_eq!(anchored, sections - live.catalog.composites.len(), "{name}");
        let headings: usize = read.values().map(|page| page.headings).sum();
        assert!(headings > sections, "{name}");
        let views = live
            .catalog
            .relations
            .iter()
            .filter(|it| it.definition.is_some())
            .count();
        let rules: usize = live.catalog.relations.iter().map(|it| it.rules.len()).sum();
        let definitions: usize = read
            .values()
            .filter_map(|page| page.blocks.get("sql"))
            .sum();
        assert_eq!(definitions, views + rules, "{name}");
    }
}
