use crate::public_files::{LARGEST_FILE, PUBLIC_FOLDER};
use crate::{BuildError, Sink, SourceTree};

/// The picture of sites whose sources bring none.
const FAVICON: &[u8] = include_bytes!("../assets/favicon.ico");

/// Writes what lies at the root of a site beside its versions, all but `versions.txt`: the page that leads to the highest
/// version, its picture, and what hosts of static sites look for.
///
/// `name` is the registry's; the picture and `CNAME` are taken from the sources of that version, from their root or from
/// the folder whose files are published as they are.
pub fn publish_root(
    highest: &str,
    name: &str,
    tree: &dyn SourceTree,
    domain: Option<&[u8]>,
    sink: &mut dyn Sink,
) -> Result<(), BuildError> {
    let own = |file: &str| {
        let place = format!("{PUBLIC_FOLDER}/{file}");
        [place.as_str(), file]
            .into_iter()
            .find_map(|path| tree.read(path, LARGEST_FILE).ok())
    };
    let favicon = own("favicon.ico").unwrap_or_else(|| FAVICON.to_vec());
    let mut files = vec![
        ("index.html", index(highest, name).into_bytes()),
        ("favicon.ico", favicon),
        // Without it, GitHub Pages leaves out what begins with an underscore.
        (".nojekyll", Vec::new()),
    ];
    files.extend(
        own("CNAME")
            .or_else(|| domain.map(<[u8]>::to_vec))
            .map(|domain| ("CNAME", domain)),
    );
    for (path, bytes) in files {
        sink.write(path, &bytes)
            .map_err(|source| BuildError::Write {
                path: path.to_owned(),
                source,
            })?;
    }
    Ok(())
}

fn index(folder: &str, name: &str) -> String {
    let (address, name) = (encoded(folder), escaped(name));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'">
<meta http-equiv="refresh" content="0; url={address}/index.html">
<meta name="viewport" content="width=device-width">
<title>{name}</title>
<link rel="canonical" href="{address}/index.html">
</head>
<body>
<p><a href="{address}/index.html">{name}</a></p>
</body>
</html>
"#
    )
}

/// A name as a part of an address.
fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_leads_to_a_folder_whatever_its_name() {
        let page = index("a\"b&c", "<i>Harbour</i> & Light");
        assert!(page.contains("url=a%22b%26c/index.html\""), "{page}");
        assert!(
            page.contains("<title>&lt;i&gt;Harbour&lt;/i&gt; &amp; Light</title>"),
            "{page}"
        );
    }
}
