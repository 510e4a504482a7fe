use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use model::{ImageReference, SchemaForm};
use publish::Config;
use publish::authoring::{NewWorkspace, habits, megabytes, placeholder_icon};
use tokio::time::{Instant, timeout_at};

use super::image_sizes::{ImageSizes, Precision, image_registry};
use super::source_files;
use crate::arguments::NewArguments;
use crate::{Ending, console};

/// The longest that the image registry may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest icon that consumers fetch.
const LARGEST_ICON: u64 = 2 << 20;
/// For a registry that has no workspaces yet.
const FIRST_VERSION: &str = "1.17.x";

pub(super) async fn run(arguments: NewArguments) -> anyhow::Result<Ending> {
    let tree = source_files::open(&arguments.folder)?;
    let (newest, categories) = habits(&tree);
    let answers = Answers::get(&arguments, &categories)?;
    let found = if arguments.offline {
        Found {
            architectures: stated_or_usual(&arguments),
            size_mb: None,
        }
    } else {
        look_up(&answers.image, &arguments).await?
    };
    let mut versions = arguments.versions.clone();
    if versions.is_empty() {
        versions.push(match newest {
            Some(newest) => newest,
            None => FIRST_VERSION.parse()?,
        });
    }
    let (image_src, icon) = icon(arguments.icon.as_deref(), &answers.name)?;
    let workspace = NewWorkspace {
        friendly_name: answers.name,
        description: answers.description,
        image: answers.image,
        image_src,
        architectures: found.architectures,
        versions,
        size_mb: arguments.size.or(found.size_mb).unwrap_or(0),
        categories: answers.categories,
        notes: arguments.notes.clone(),
    };
    if let Err(error) = workspace.check(&icon) {
        console::error(&format!("nothing was written: {error}"));
        return Ok(Ending::Refused);
    }
    let schema = Config::read(&tree)
        .0
        .map_or(SchemaForm::V1_1, |config| config.schema);
    let folder = format!("workspaces/{}", workspace.folder());
    let files = [
        (format!("{folder}/{}", workspace.image_src), icon),
        (
            format!("{folder}/workspace.json"),
            workspace.json(schema).into_bytes(),
        ),
    ];
    if let Err(there) = source_files::create_all(&arguments.folder, &files)? {
        console::error(&format!(
            "nothing was written: `{}` is there already; give the workspace another name",
            there.join("`, `")
        ));
        return Ok(Ending::Refused);
    }
    if arguments.json {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let report = serde_json::json!({
            "files": names,
            "architectures": workspace.architectures,
            "size_mb": workspace.size_mb,
        });
        console::data(&report.to_string());
    } else {
        for (name, _) in &files {
            console::data(name);
        }
    }
    if workspace.size_mb == 0 {
        console::note("its size is not known yet: `quayside publish sizes --missing` measures it");
    }
    Ok(Ending::Done)
}

/// What only the author knows.
struct Answers {
    image: ImageReference,
    name: String,
    description: String,
    categories: Vec<String>,
}

impl Answers {
    /// Takes the options, and asks for the rest where somebody sits at a terminal.
    fn get(arguments: &NewArguments, known: &[String]) -> anyhow::Result<Self> {
        let asks = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !asks && (arguments.image.is_none() || arguments.name.is_none()) {
            bail!("`--image` and `--name` are needed where nobody can be asked");
        }
        let image = match &arguments.image {
            Some(image) => image.clone(),
            None => loop {
                let answer = ask("Image, with its tag", "")?;
                match ImageReference::parse(&answer) {
                    Ok(image) => break image,
                    Err(error) => console::note(&format!("that is no image: {error}")),
                }
            },
        };
        let guess = name_of(&image);
        let name = match &arguments.name {
            Some(name) => name.clone(),
            None => ask("Name to show", &guess)?,
        };
        if name.trim().is_empty() {
            bail!("a workspace needs a name to show");
        }
        let description = match &arguments.description {
            Some(description) => description.clone(),
            None if asks => ask("What it is, in a sentence", "")?,
            None => String::new(),
        };
        let mut categories = arguments.categories.clone();
        if categories.is_empty() && asks {
            let some: Vec<&str> = known.iter().take(8).map(String::as_str).collect();
            if !some.is_empty() {
                console::note(&format!("(categories so far: {})", some.join(", ")));
            }
            let answer = ask("Categories, up to three, with commas between", "")?;
            categories = answer
                .split(',')
                .map(str::trim)
                .filter(|category| !category.is_empty())
                .map(str::to_owned)
                .collect();
        }
        Ok(Self {
            image,
            name: name.trim().to_owned(),
            description: description.trim().to_owned(),
            categories,
        })
    }
}

fn ask(question: &str, default: &str) -> anyhow::Result<String> {
    let mut stderr = io::stderr().lock();
    if default.is_empty() {
        write!(stderr, "{question}: ")?;
    } else {
        write!(stderr, "{question} [{default}]: ")?;
    }
    stderr.flush()?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        bail!("the questions were not answered, so nothing was written");
    }
    let answer = answer.trim();
    Ok(if answer.is_empty() { default } else { answer }.to_owned())
}

/// The last part of an image's name, as a name to show.
fn name_of(image: &ImageReference) -> String {
    let last = image.repository().rsplit('/').next().unwrap_or_default();
    let words = last.split(['-', '_', '.']).map(|word| {
        let mut signs = word.chars();
        let first = signs.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(signs).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What an image registry says of an image.
struct Found {
    architectures: Vec<String>,
    size_mb: Option<u64>,
}

/// Asks the image registry, not for longer than somebody likes to wait.
async fn look_up(image: &ImageReference, arguments: &NewArguments) -> anyhow::Result<Found> {
    let end = Instant::now() + PATIENCE;
    // Nobody waits at a terminal until an image registry may be asked again.
    let registry = image_registry(Vec::new())?;
    let sizes = ImageSizes::new(registry, Duration::ZERO, Precision::Estimate);
    let looked = timeout_at(end, sizes.look(image)).await;
    let offered = match looked {
        Ok(Ok(measured)) => measured.offered,
        failed => {
            let why = match failed {
                Ok(Err(error)) => error.to_string(),
                _ => format!("no answer within {} seconds", PATIENCE.as_secs()),
            };
            console::note(&format!(
                "`{image}` could not be looked up, so check architecture and size yourself: {why}"
            ));
            return Ok(Found {
                architectures: stated_or_usual(arguments),
                size_mb: None,
            });
        }
    };
    for architecture in &arguments.architectures {
        if !offered.contains(architecture) {
            console::note(&format!(
                "`{image}` is not made for `{architecture}`, only for {}",
                offered.join(" and ")
            ));
        }
    }
    let size_mb = if arguments.size.is_some() {
        None
    } else {
        let measured = timeout_at(end, sizes.measure(image, &arguments.architectures)).await;
        let bytes = measured
            .ok()
            .and_then(Result::ok)
            .and_then(|measured| measured.bytes);
        bytes.map(megabytes)
    };
    let architectures = if arguments.architectures.is_empty() {
        offered
    } else {
        arguments.architectures.clone()
    };
    Ok(Found {
        architectures,
        size_mb,
    })
}

/// Nearly every image is made for this one.
fn stated_or_usual(arguments: &NewArguments) -> Vec<String> {
    if arguments.architectures.is_empty() {
        vec!["amd64".to_owned()]
    } else {
        arguments.architectures.clone()
    }
}

/// The name of the icon and its bytes.
fn icon(file: Option<&Path>, name: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let Some(file) = file else {
        let (file, picture) = placeholder_icon(name);
        return Ok((file, picture.into_bytes()));
    };
    let context = || format!("failed to read the icon `{}`", file.display());
    let metadata = std::fs::metadata(file).with_context(context)?;
    if !metadata.is_file() || metadata.len() > LARGEST_ICON {
        bail!("the icon `{}` is no file of at most 2 MiB", file.display());
    }
    let bytes = std::fs::read(file).with_context(context)?;
    let name = file.file_name().and_then(|name| name.to_str());
    let name =
        name.with_context(|| format!("the name of the icon `{}` is not UTF-8", file.display()))?;
    Ok((name.to_owned(), bytes))
}
