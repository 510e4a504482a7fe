//! Whatever the two JavaScript files of a template-based registry hold, their literals are read, and what there is to
//! say points into them.
#![no_main]

mod files;

use files::Files;
use libfuzzer_sys::fuzz_target;
use publish::SourceTree as _;
use publish::template::{NEXT_CONFIG_FILE, PROCESS_JSON_FILE, TemplateConfig};

fuzz_target!(|bytes: &[u8]| {
    let tree = Files::new([NEXT_CONFIG_FILE, PROCESS_JSON_FILE].map(|file| (file, bytes.to_vec())));
    let (config, diagnostics) = TemplateConfig::read(&tree).expect("the file is there");
    let _ = config.schema();
    // Bytes that are no UTF-8 are shown as replacement characters, which are longer.
    let length = String::from_utf8_lossy(bytes).len();
    for diagnostic in &diagnostics {
        if let Some(span) = diagnostic.span {
            assert!(span.start <= span.end && span.end <= length, "{diagnostic:?}");
        }
    }
    let source = |file: &str| tree.read(file, u64::MAX).ok();
    diagnostics::render_full(&diagnostics, &source, false);
});
