use model::definition::WantedChannel;

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn pages_follow_each_other() {
    let rows: Vec<Listing> = (0..10)
        .map(|number| Listing::named(&format!("a{number}")))
        .collect();
    let index = index_of(&rows);
    let page = |page, per_page, search| {
        index.search(&Query {
            search,
            page,
            per_page,
            ..Query::default()
        })
    };
    for search in ["", "a"] {
        assert_eq!(places(&page(1, 4, search)), [0, 1, 2, 3]);
        assert_eq!(places(&page(3, 4, search)), [8, 9]);
        assert_eq!(places(&page(4, 4, search)), [0_u32; 0]);
        assert_eq!(page(4, 4, search).total, 10);
        assert_eq!(page(u32::MAX, 200, search).hits, []);
    }
    assert_eq!(page(0, 0, "").page, 1);
    assert_eq!(page(0, 0, "").per_page, 1);
    assert_eq!(page(1, 9_999, "").per_page, 200);
}

#[test]
fn there_are_five_orders() {
    let mut rows: Vec<Listing> = [("c", 30), ("b", 10), ("d", 0), ("a", 20)]
        .into_iter()
        .map(|(name, size)| {
            Listing::new(format!(
                r#"{{"friendly_name": "{name}", "name": "o/{name}", "uncompressed_size_mb": {}}}"#,
                if size == 0 {
                    "null".to_owned()
                } else {
                    size.to_string()
                },
            ))
        })
        .collect();
    for (place, (registry, first_seen_ms, changed_ms)) in
        [(0, 5, 9), (1, 7, 7), (0, 6, 8), (2, 7, 10)]
            .into_iter()
            .enumerate()
    {
        rows[place] = Listing {
            registry,
            first_seen_ms,
            changed_ms,
            ..rows[place].clone()
        };
    }
    let index = index_of(&rows);
    let sorted = |sort| {
        places(&index.search(&Query {
            sort: Some(sort),
            ..Query::default()
        }))
    };
    assert_eq!(sorted(Sort::Name), [3, 1, 0, 2]);
    // By name of the registry: attic tools, Harbour Light, Zoo.
    assert_eq!(sorted(Sort::Registry), [1, 0, 2, 3]);
    assert_eq!(sorted(Sort::Newest), [3, 1, 2, 0]);
    assert_eq!(sorted(Sort::Changed), [3, 0, 2, 1]);
    assert_eq!(sorted(Sort::Size), [1, 3, 0, 2]);
}

#[test]
fn sizes_are_those_of_the_version_asked_for() {
    let entry = |version, size| {
        format!(r#"{{"version": "{version}", "image": "o/i", "uncompressed_size_mb": {size}}}"#)
    };
    let rows = [("a", 1, 9), ("b", 2, 8), ("c", 3, 7)].map(|(name, old, new)| {
        Listing::new(format!(
            r#"{{"friendly_name": "{name}", "compatibility": [{}, {}]}}"#,
            entry("1.20.x", new),
            entry("1.9.x", old),
        ))
    });
    let index = index_of(&rows);
    let sorted = |version: &str, per_page| {
        let version = version.parse().expect("a version");
        places(&index.search(&Query {
            sort: Some(Sort::Size),
            version,
            per_page,
            ..Query::default()
        }))
    };
    assert_eq!(sorted("any", 9), [2, 1, 0]);
    assert_eq!(sorted("1.20.0", 9), [2, 1, 0]);
    assert_eq!(sorted("1.9.0", 9), [0, 1, 2]);
    assert_eq!(sorted("1.9.0", 2), [0, 1]);
}

#[test]
fn what_does_not_fit_is_counted_with_its_reason() {
    let listing = |name: &str, architecture: &str, compatibility: &str| {
        Listing::new(format!(
            r#"{{"friendly_name": "{name}", "architecture": [{architecture}], "compatibility": {compatibility}}}"#
        ))
    };
    let with_tags = |tags: &str| {
        format!(r#"[{{"version": "1.17.x", "image": "o/i:1", "available_tags": [{tags}]}}]"#)
    };
    let index = index_of(&[
        listing("a", r#""amd64""#, &with_tags(r#""develop""#)),
        listing("b", r#""arm64""#, &with_tags(r#""develop""#)),
        listing("c", r#""amd64""#, &with_tags(r#""1.17.0""#)),
        listing("d", "", r#"["1.17.0"]"#),
        listing("e", r#""amd64""#, r#"["1.16.x"]"#),
        listing("f", r#""amd64""#, "[]"),
    ]);
    let amd64 = ["amd64".to_owned()];
    let query = Query {
        version: "1.17.0".parse().expect("a version"),
        channel: WantedChannel::Named("develop".to_owned()),
        agent_architectures: &amd64,
        ..Query::default()
    };
    let page = index.search(&query);
    assert_eq!(places(&page), [0, 3]);
    assert_eq!(
        page.facets.unfit,
        [
            (Unfit::Version, 2),
            (Unfit::Channel, 1),
            (Unfit::Architecture, 1)
        ]
    );
    let shown = index.search(&Query {
        show_unfit: true,
        ..query.clone()
    });
    assert_eq!(places(&shown), [0, 1, 2, 3, 4, 5]);
    assert_eq!(shown.facets.unfit, page.facets.unfit);
    let reasons: Vec<Option<Unfit>> = shown.hits.iter().map(|hit| hit.unfit).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some(Unfit::Architecture),
            Some(Unfit::Channel),
            None,
            Some(Unfit::Version),
            Some(Unfit::Version)
        ]
    );
    // Only what is asked for is counted.
    let asked = index.search(&Query {
        search: "e",
        ..query
    });
    assert_eq!(
        (asked.total, asked.facets.unfit),
        (0, vec![(Unfit::Version, 1)])
    );
}

#[test]
fn withdrawn_listings_are_not_on_offer() {
    let mut rows = vec![
        Listing::named("a"),
        Listing::named("b"),
        Listing::named("c"),
    ];
    rows[1].withdrawn = true;
    let index = index_of(&rows);
    let page = index.search(&Query::default());
    assert_eq!(
        (places(&page), page.total, page.total_without_filters),
        (vec![0, 2], 2, 2)
    );
    let ids = [listing_id(1), listing_id(2), listing_id(99)];
    let with = |installed| {
        places(&index.search(&Query {
            installed,
            ..Query::default()
        }))
    };
    assert_eq!(with(InstalledFilter::Only(&ids)), [1, 2]);
    assert_eq!(with(InstalledFilter::Without(&ids)), [0]);
    assert_eq!(index.len(), 3);
}

#[test]
fn news_last_for_two_weeks() {
    let mut rows = vec![
        Listing::named("a"),
        Listing::named("b"),
        Listing::named("c"),
    ];
    for (row, first_seen_days, changed_days) in [(0, 0, 0), (1, 10, 10), (2, 0, 12)] {
        rows[row].first_seen_ms = first_seen_days * DAY_MS;
        rows[row].changed_ms = changed_days * DAY_MS;
    }
    let index = index_of(&rows);
    let news = |day: i64| -> Vec<(bool, bool)> {
        let page = index.search(&Query {
            now_ms: day * DAY_MS,
            ..Query::default()
        });
        page.hits
            .iter()
            .map(|hit| (hit.is_new, hit.is_changed))
            .collect()
    };
    // What came with the first copy of a registry is not news, however recent.
    assert_eq!(news(13), [(false, false), (true, false), (false, true)]);
    assert_eq!(news(25), [(false, false), (false, false), (false, true)]);
    assert_eq!(news(26), [(false, false), (false, false), (false, false)]);
}

#[test]
fn rows_that_cannot_be_used_are_told_and_left_out() {
    let mut builder = IndexBuilder::new(vec![RegistryRow {
        id: registry_id(0),
        name: "One".to_owned(),
    }]);
    let facts = ListingFacts::of(&definition(r#"{"friendly_name": "a"}"#), false).to_text();
    let row = ListingRow {
        id: listing_id(0),
        registry: registry_id(0),
        facts: &facts,
        first_seen_ms: 0,
        changed_ms: 0,
        withdrawn: false,
    };
    let stale = ListingRow {
        id: listing_id(1),
        facts: "facts-0\n",
        ..row
    };
    let orphan = ListingRow {
        id: listing_id(2),
        registry: registry_id(7),
        ..row
    };
    assert_eq!(builder.push(&row), Ok(()));
    assert_eq!(
        builder.push(&stale),
        Err(RowError::Facts(crate::FactsError::OtherForm))
    );
    assert_eq!(builder.push(&orphan), Err(RowError::UnknownRegistry));
    let index = builder.build();
    assert_eq!(places(&index.search(&Query::default())), [0]);
}

#[test]
fn an_empty_index_answers() {
    let index = index_of(&[]);
    assert!(index.is_empty());
    for search in ["", "a", "two words"] {
        let page = index.search(&Query {
            search,
            category: Some("x"),
            ..Query::default()
        });
        assert_eq!((page.total, page.hits.len()), (0, 0));
    }
    assert_eq!(index.search(&Query::default()).facets, Facets::default());
}

#[test]
fn a_flood_of_categories_shows_the_most_frequent() {
    let mut rows: Vec<Listing> = (0..300)
        .map(|number| {
            Listing::new(format!(
                r#"{{"friendly_name": "a", "categories": ["c{number}"]}}"#
            ))
        })
        .collect();
    rows.push(Listing::new(
        r#"{"friendly_name": "a", "categories": ["c299"]}"#,
    ));
    let facets = index_of(&rows).search(&Query::default()).facets;
    assert_eq!(facets.category.len(), Facets::MOST);
    assert_eq!(
        facets.category[0],
        LabelCount {
            label: "c299".to_owned(),
            count: 2
        }
    );
}
