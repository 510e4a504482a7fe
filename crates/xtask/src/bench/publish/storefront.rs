use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What a browser loads to show the first page, pictures aside.
const FILES: [&str; 3] = [
    "index.html",
    "storefront/catalogue.css",
    "storefront/storefront.js",
];

/// Bytes of the first page with its style and script, each as a web server compresses it.
pub(super) fn first_load(site: &Path) -> usize {
    let page = fs::read_to_string(site.join("1.1/index.html")).expect("the site has a first page");
    for (mark, files) in [("<script src=\"", 1), ("rel=\"stylesheet\"", 1)] {
        assert_eq!(
            page.matches(mark).count(),
            files,
            "the page loads more than is counted"
        );
    }
    FILES
        .iter()
        .map(|file| packed(&site.join("1.1").join(file)))
        .sum()
}

fn packed(file: &Path) -> usize {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(&bytes)
        .expect("memory takes what is written");
    encoder
        .finish()
        .expect("memory takes what is written")
        .len()
}
