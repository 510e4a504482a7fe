//! Icons by their bytes: what they claim to be counts for nothing.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use sources::icons::{Icon, IconError, MAX_STORED_BYTES, sanitize};

fn encoded(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let picture = DynamicImage::from(picture.clone());
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::from(picture.to_rgb8()),
        _ => picture,
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decoded(icon: &Icon) -> RgbaImage {
    assert_eq!(icon.media_type, "image/png");
    assert!(icon.bytes.len() <= MAX_STORED_BYTES);
    image::load_from_memory_with_format(&icon.bytes, ImageFormat::Png)
        .unwrap()
        .into_rgba8()
}

fn svg(text: &str) -> String {
    let icon = sanitize(text.as_bytes()).unwrap();
    assert_eq!(icon.media_type, "image/svg+xml");
    String::from_utf8(icon.bytes).unwrap()
}

/// Pixels that no compression makes smaller.
fn noise(width: u32, height: u32) -> RgbaImage {
    let mut state = 1_u32;
    RgbaImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgba(state.to_be_bytes())
    })
}

#[test]
fn every_kind_of_raster_becomes_a_small_png() {
    let picture = RgbaImage::from_pixel(40, 20, Rgba([200, 30, 30, 255]));
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Ico,
        ImageFormat::Bmp,
    ] {
        let icon = sanitize(&encoded(&picture, format)).unwrap();
        let drawn = decoded(&icon);
        assert_eq!(drawn.dimensions(), (40, 20), "{format:?}");
        let Rgba([red, green, _, alpha]) = *drawn.get_pixel(20, 10);
        assert!(red > 190 && green < 50 && alpha == 255, "{format:?}");
        assert_eq!(icon.sha256.len(), 64);
    }
}

#[test]
fn large_pictures_are_scaled_down_and_keep_their_shape() {
    for (width, height, expected) in [
        (1024, 512, (256, 128)),
        (4096, 1, (256, 1)),
        (300, 900, (85, 256)),
        (256, 256, (256, 256)),
        (3, 2, (3, 2)),
    ] {
        let picture = RgbaImage::from_pixel(width, height, Rgba([1, 2, 3, 128]));
        let icon = sanitize(&encoded(&picture, ImageFormat::Png)).unwrap();
        let drawn = decoded(&icon);
        assert_eq!(drawn.dimensions(), expected, "{width} x {height}");
        assert_eq!(drawn.get_pixel(0, 0).0[3], 128);
    }
}

#[test]
fn what_cannot_be_seen_does_not_colour_the_edges() {
    // A white disc on transparent black.
    let picture = RgbaImage::from_fn(1024, 1024, |x, y| {
        let (x, y) = (i64::from(x) - 512, i64::from(y) - 512);
        if x * x + y * y < 400 * 400 {
            Rgba([255, 255, 255, 255])
        } else {
            Rgba([0, 0, 0, 0])
        }
    });
    let icon = sanitize(&encoded(&picture, ImageFormat::Png)).unwrap();
    for Rgba([red, _, _, alpha]) in decoded(&icon).pixels() {
        assert!(*alpha < 16 || *red > 230, "{red} at {alpha}");
    }
}

#[test]
fn what_does_not_fit_is_drawn_smaller() {
    let icon = sanitize(&encoded(&noise(256, 256), ImageFormat::Png)).unwrap();
    let drawn = decoded(&icon);
    assert!(drawn.width() < 256 && drawn.width() >= 64);
    assert_eq!(drawn.width(), drawn.height());
}

#[test]
fn the_same_bytes_give_the_same_icon() {
    let bytes = encoded(&noise(300, 200), ImageFormat::Png);
    assert_eq!(sanitize(&bytes).unwrap(), sanitize(&bytes).unwrap());
}

#[test]
fn an_animation_keeps_its_first_picture() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        for red in [10, 250] {
            let picture = RgbaImage::from_pixel(8, 8, Rgba([red, 0, 0, 255]));
            encoder.encode_frame(image::Frame::new(picture)).unwrap();
        }
    }
    let drawn = decoded(&sanitize(&bytes).unwrap());
    assert!(drawn.get_pixel(0, 0).0[0] < 50);
}

/// A PNG that claims a size and has nothing to show for it.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(&RgbaImage::new(1, 1), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    let sum = crc.sum().to_be_bytes();
    bytes[29..33].copy_from_slice(&sum);
    bytes
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_by_its_header() {
    for (width, height) in [(4097, 1), (1, 4097), (100_000, 100_000), (u32::MAX >> 1, 2)] {
        let error = sanitize(&png_of_size(width, height)).unwrap_err();
        assert!(
            matches!(
                error,
                IconError::TooManyPixels { .. } | IconError::Damaged(_)
            ),
            "{width} x {height}: {error}"
        );
    }
    let error = sanitize(&png_of_size(5000, 5000)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the image is 5000 x 5000 pixels; at most 4096 x 4096 are read"
    );
}

#[test]
fn an_ico_whose_picture_is_larger_than_it_says_is_refused() {
    let png = png_of_size(20_000, 20_000);
    let mut ico = vec![0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0];
    ico.extend((png.len() as u32).to_le_bytes());
    ico.extend(22_u32.to_le_bytes());
    ico.extend(png);
    assert!(sanitize(&ico).is_err());
}

#[test]
fn damaged_pictures_are_errors_whatever_is_cut_or_flipped() {
    let picture = noise(24, 24);
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Ico,
        ImageFormat::Bmp,
    ] {
        let whole = encoded(&picture, format);
        assert!(sanitize(&whole[..whole.len() / 10]).is_err(), "{format:?}");
        for position in (0..whole.len()).step_by(37) {
            let mut flipped = whole.clone();
            flipped[position] ^= 0xff;
            // Either way is fine, as long as it comes back.
            if let Ok(icon) = sanitize(&flipped) {
                assert!(icon.bytes.len() <= MAX_STORED_BYTES);
            }
        }
    }
}

#[test]
fn what_is_no_image_is_refused_whatever_it_is_named() {
    for (bytes, expected) in [
        (&b""[..], "the file is empty"),
        (b"  \n", "the file is empty"),
        (
            b"<!DOCTYPE html><html><img src=x></html>",
            "the file is an HTML page, not an image",
        ),
        (
            b"\n<html><svg xmlns='http://www.w3.org/2000/svg'/></html>",
            "the file is an HTML page, not an image",
        ),
        (
            b"%PDF-1.7",
            "the file is no PNG, JPEG, WebP, GIF, ICO, BMP or SVG image",
        ),
        (
            b"\0\0\x02\0\x01\0",
            "the file is no PNG, JPEG, WebP, GIF, ICO, BMP or SVG image",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1",
            "the file is no PNG, JPEG, WebP, GIF, ICO, BMP or SVG image",
        ),
    ] {
        assert_eq!(sanitize(bytes).unwrap_err().to_string(), expected);
    }
    let error = sanitize(&vec![0; 2 * 1024 * 1024 + 1]).unwrap_err();
    assert!(matches!(error, IconError::TooLarge { limit: 2_097_152 }));
}

#[test]
fn an_svg_keeps_its_drawing_and_nothing_that_runs_or_loads() {
    let filtered = svg(r##"<?xml version="1.0"?>
        <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
             viewBox="0 0 10 10" onload="alert(1)">
          <script>alert(2)</script>
          <style>@import url(https://evil.example/a.css); path { fill: url(#own); background: URL(/api/v1/x) }</style>
          <linearGradient id="own"/><path id="shape" d="M0 0h10v10z" onclick="alert(3)" fill="url(#own)"/>
          <use xlink:href="#shape"/><use href="other.svg#x"/>
          <image href="https://evil.example/pixel.png"/><image xlink:href="/healthz"/>
          <image href="data:image/png;base64,AAAA"/><image href="data:text/html,hello"/>
          <a href="javascript:alert(4)"><rect width="1" height="1" style="fill:url('//evil.example/x')"/></a>
          <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://evil.example"/></body></foreignObject>
          <set attributeName="href" to="javascript:alert(5)"/>
        </svg>"##);
    for kept in [
        "M0 0h10v10z",
        "url(#own)",
        "href=\"#shape\"",
        "data:image/png",
        "viewBox",
    ] {
        assert!(filtered.contains(kept), "{kept}: {filtered}");
    }
    for gone in [
        "<script",
        "alert(1)",
        "alert(2)",
        "alert(3)",
        "alert(4)",
        "attributeName",
        "onload",
        "onclick",
        "@import",
        "foreignObject",
        "iframe",
        "/healthz",
        "/api/",
        "other.svg",
        "text/html",
        "pixel.png",
    ] {
        assert!(!filtered.contains(gone), "{gone}: {filtered}");
    }
    let lower_case = filtered.to_ascii_lowercase();
    for start in ["url(", "href=\""] {
        for reference in lower_case.split(start).skip(1) {
            let inside = reference.starts_with('#') || reference.starts_with("data:image/png");
            assert!(inside, "{reference}");
        }
    }
}

#[test]
fn drawing_programs_declarations_are_read_but_bombs_are_not() {
    let harmless = r#"<!DOCTYPE svg [ <!ENTITY ns "http://www.w3.org/2000/svg"> ]>
        <svg xmlns="&ns;"><path d="M0 0"/></svg>"#;
    assert!(svg(harmless).contains("M0 0"));

    let laughs = r#"<!DOCTYPE svg [
        <!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
        <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
        <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
        <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"> ]>
        <svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>"#;
    assert!(sanitize(laughs.as_bytes()).is_err());
    let external = r#"<!DOCTYPE svg [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]>
        <svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>"#;
    if let Ok(icon) = sanitize(external.as_bytes()) {
        assert!(!String::from_utf8(icon.bytes).unwrap().contains("root:"));
    }
}

#[test]
fn an_svg_that_draws_nothing_is_refused() {
    let start =
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>";
    for (content, draws) in [
        ("", false),
        ("<title>An icon</title><g/>", false),
        ("<defs><path id='a' d='M0 0h9'/></defs>", false),
        ("<clipPath><rect width='9' height='9'/></clipPath>", false),
        ("<path d=''/>", false),
        ("<rect width='0' height='9'/>", false),
        ("<script>draw()</script>", false),
        ("<defs/><path d='M0 0h9'/>", true),
        (
            "<defs><path id='a' d='M0 0h9'/></defs><use xlink:href='#a'/>",
            true,
        ),
        ("<g><circle r='4' cx='4' cy='4'/></g>", true),
        ("<text>a</text>", true),
    ] {
        let result = sanitize(format!("{start}{content}</svg>").as_bytes());
        assert_eq!(result.is_ok(), draws, "{content}: {result:?}");
    }
}

#[test]
fn an_svg_that_is_too_large_or_broken_is_refused() {
    let path = "<path d=\"M0 0h1v1z\"/>".repeat(10_000);
    let large = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{path}</svg>");
    let error = sanitize(large.as_bytes()).unwrap_err();
    assert!(matches!(error, IconError::TooLarge { limit: 64_000 }));

    for broken in [
        "<svg",
        "<svg xmlns='http://www.w3.org/2000/svg'><path>",
        "<svg xmlns='http://www.w3.org/2000/svg'></svg><svg/>",
        "<svg><path d='M0 0'/></svg>",
        "<svg xmlns='http://example.org/other'/>",
    ] {
        assert!(sanitize(broken.as_bytes()).is_err(), "{broken}");
    }
    let deep = format!(
        "<svg xmlns='http://www.w3.org/2000/svg'>{}{}</svg>",
        "<g>".repeat(20_000),
        "</g>".repeat(20_000)
    );
    assert!(sanitize(deep.as_bytes()).is_err());
}
