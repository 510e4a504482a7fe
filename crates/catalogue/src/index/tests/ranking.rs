use super::*;

/// Names of what is found, in order, among `name|categories|image|description`.
fn check(listings: &[&str], search: &str, expected: &[&str]) {
    let rows: Vec<Listing> = listings
        .iter()
        .map(|line| {
            let parts: Vec<&str> = line.split('|').chain(["", "", ""]).collect();
            Listing::new(format!(
                r#"{{"friendly_name": "{}", "categories": ["{}"], "name": "{}", "description": "{}"}}"#,
                parts[0], parts[1], parts[2], parts[3],
            ))
        })
        .collect();
    let page = index_of(&rows).search(&Query {
        search,
        ..Query::default()
    });
    let names: Vec<&str> = places(&page)
        .into_iter()
        .map(|place| listings[place as usize].split('|').next().expect("a name"))
        .collect();
    assert_eq!(names, expected, "{search}");
    assert_eq!(page.total, expected.len(), "{search}");
}

#[test]
fn the_better_place_comes_first() {
    check(
        &[
            "Zed|||a chrome in the description",
            "Yak||org/chrome:1.0|",
            "Xen|chrome things||",
            "Unchromed|||",
            "Ungoogled Chrome|||",
            "VS-Chrome|||",
            "Chrome|||",
            "chromeless|||",
            "Firefox|||a browser",
        ],
        "chrome",
        &[
            "Chrome",
            "chromeless",
            "Ungoogled Chrome",
            "VS-Chrome",
            "Unchromed",
            "Xen",
            "Yak",
            "Zed",
        ],
    );
}

#[test]
fn every_word_must_be_found() {
    let listings = [
        "Visual Studio|||",
        "My Visual Studio|||",
        "Visual|||about a studio",
        "Studio|||",
        "Audio|||visual studio",
    ];
    check(
        &listings,
        "visual studio",
        &["Visual Studio", "My Visual Studio", "Visual", "Audio"],
    );
    check(
        &listings,
        "  STUDIO   visual\t",
        &["Visual Studio", "My Visual Studio", "Visual", "Audio"],
    );
    check(&listings, "visual studio zebra", &[]);
}

#[test]
fn case_accents_and_full_width_forms_do_not_count() {
    let listings = ["Éclair|||", "ＶＳ Ｃｏｄｅ|||", "STRASSE|||", "İstanbul|||"];
    check(&listings, "eclair", &["Éclair"]);
    check(&listings, "ÉCLAIR", &["Éclair"]);
    check(&listings, "vs code", &["ＶＳ Ｃｏｄｅ"]);
    check(&listings, "straße", &["STRASSE"]);
    check(&listings, "istanbul", &["İstanbul"]);
}

#[test]
fn parts_of_images_and_words_are_found() {
    let listings = [
        "One||ghcr.io/org/web-top:1.17.0|",
        "Two||docker.io/other/desk:1.9.0|say c++",
    ];
    check(&listings, "org/web-top", &["One"]);
    check(&listings, "ghcr.io", &["One"]);
    check(&listings, "1.17", &["One"]);
    check(&listings, "c++", &["Two"]);
    check(&listings, "o", &["One", "Two"]);
    check(&listings, "esk", &["Two"]);
}

#[test]
fn the_registrys_name_is_found() {
    let mut rows = vec![
        Listing::named("Harbour"),
        Listing::named("Boat"),
        Listing::named("Cat"),
    ];
    rows[2].registry = 1;
    let index = index_of(&rows);
    let find = |search| {
        places(&index.search(&Query {
            search,
            ..Query::default()
        }))
    };
    assert_eq!(find("harbour"), [0, 1]);
    assert_eq!(find("attic cat"), [2]);
    assert_eq!(find("harbour cat"), [0_u32; 0]);
}

#[test]
fn equal_ones_are_in_the_order_of_names_then_ids() {
    check(
        &[
            "app 10|||",
            "App 2|||",
            "_app|||",
            "äpp|||",
            "Apple|||",
            "app|||",
        ],
        "",
        &["_app", "app", "äpp", "app 10", "App 2", "Apple"],
    );
    let same: Vec<Listing> = (0..5).map(|_| Listing::named("Same")).collect();
    assert_eq!(
        places(&index_of(&same).search(&Query::default())),
        [0, 1, 2, 3, 4]
    );
}

#[test]
fn a_search_without_words_finds_everything() {
    check(&["b|||", "a|||"], " -- ", &["a", "b"]);
}

#[test]
fn an_endless_search_is_cut() {
    let search = "zebra ".repeat(100_000);
    let index = index_of(&[Listing::named("Zebra"), Listing::named("Yak")]);
    assert_eq!(
        places(&index.search(&Query {
            search: &search,
            ..Query::default()
        })),
        [0]
    );
}
