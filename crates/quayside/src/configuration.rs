//! Settings in one place: defaults, then the TOML file, then the environment and flags (which clap joins).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use crate::arguments::{DataArguments, EngineChoice, ServeArguments, ServeImages};

/// The TOML file: every option of `serve` and `agent`, by the name of its flag.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ConfigFile {
    listen: Option<SocketAddr>,
    public_url: Option<Url>,
    trusted_proxy: Option<Vec<IpNet>>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    pub(crate) insecure_http: Option<bool>,
    pub(crate) data: Option<PathBuf>,
    database: Option<String>,
    first_party: Option<String>,
    pub(crate) engine: Option<EngineChoice>,
    allow_private_networks: Option<bool>,
    secret_key_file: Option<PathBuf>,
    admin_name: Option<String>,
    admin_password_file: Option<PathBuf>,
    serve_images: Option<ServeImages>,
    pub(crate) server: Option<Url>,
    pub(crate) token_file: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads the file; an absent option gives an empty one.
    pub(crate) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        toml::from_str(&text)
            .with_context(|| format!("`{}` is not a valid configuration", path.display()))
    }
}

/// Where a server's data is.
#[derive(Debug)]
pub(crate) struct DataSettings {
    pub(crate) folder: PathBuf,
    pub(crate) database: String,
    pub(crate) public_url: Option<Url>,
    pub(crate) admin_name: String,
}

impl DataSettings {
    /// Joins arguments and file; what only some commands take is the file's until they say otherwise.
    pub(crate) fn new(arguments: &DataArguments, file: &ConfigFile) -> anyhow::Result<Self> {
        let folder = match arguments.data.clone().or_else(|| file.data.clone()) {
            Some(folder) => folder,
            None => default_folder("quayside")?,
        };
        let database = arguments.database.clone().or_else(|| file.database.clone());
        let database = database
            .unwrap_or_else(|| format!("sqlite:{}", folder.join("quayside.sqlite").display()));
        if !database.starts_with("sqlite:")
            && !database.starts_with("postgres:")
            && !database.starts_with("postgresql:")
        {
            bail!("`--database` takes an address that begins with `postgres://` or `sqlite:`");
        }
        Ok(Self {
            folder,
            database,
            public_url: file.public_url.clone(),
            admin_name: file
                .admin_name
                .clone()
                .unwrap_or_else(|| "admin".to_owned()),
        })
    }

    /// Flags go before the file.
    pub(crate) fn override_with(&mut self, public_url: Option<Url>, admin_name: Option<String>) {
        if public_url.is_some() {
            self.public_url = public_url;
        }
        if let Some(admin_name) = admin_name {
            self.admin_name = admin_name;
        }
    }
}

/// What `serve` was told.
#[derive(Debug)]
pub(crate) struct ServeSettings {
    pub(crate) data: DataSettings,
    pub(crate) listen: SocketAddr,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) insecure_http: bool,
    pub(crate) first_party: Option<Url>,
    pub(crate) engine: EngineChoice,
    pub(crate) allow_private_networks: bool,
    pub(crate) secret_key_file: PathBuf,
    pub(crate) admin_password_file: Option<PathBuf>,
    pub(crate) serve_images: Option<ServeImages>,
}

impl ServeSettings {
    /// Joins arguments and file, and refuses what is not safe or cannot work.
    pub(crate) fn new(arguments: ServeArguments) -> anyhow::Result<Self> {
        let file = ConfigFile::read(arguments.data.config.as_deref())?;
        let mut data = DataSettings::new(&arguments.data, &file)?;
        data.override_with(arguments.public_url, arguments.admin_name);
        let first_party = arguments
            .first_party
            .or(file.first_party)
            .unwrap_or_else(|| "https://registry.kasmweb.com/".to_owned());
        let first_party = match first_party.as_str() {
            "none" => None,
            address => {
                Some(Url::parse(address).context("`--first-party` takes an address or `none`")?)
            }
        };
        let tls = match (
            arguments.tls_cert.or(file.tls_cert),
            arguments.tls_key.or(file.tls_key),
        ) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => bail!("`--tls-cert` and `--tls-key` go together"),
        };
        let settings = Self {
            listen: arguments
                .listen
                .or(file.listen)
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            trusted_proxies: if arguments.trusted_proxy.is_empty() {
                file.trusted_proxy.unwrap_or_default()
            } else {
                arguments.trusted_proxy
            },
            tls,
            insecure_http: arguments.insecure_http || file.insecure_http.unwrap_or(false),
            first_party,
            engine: arguments
                .engine
                .or(file.engine)
                .unwrap_or(EngineChoice::Auto),
            allow_private_networks: arguments.allow_private_networks
                || file.allow_private_networks.unwrap_or(false),
            secret_key_file: arguments
                .secret_key_file
                .or(file.secret_key_file)
                .unwrap_or_else(|| data.folder.join("secret.key")),
            admin_password_file: arguments.admin_password_file.or(file.admin_password_file),
            serve_images: arguments.serve_images.or(file.serve_images),
            data,
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        let public_https = self
            .data
            .public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https");
        if let Some(url) = &self.data.public_url
            && (!matches!(url.scheme(), "http" | "https")
                || url.host().is_none()
                || url.path() != "/")
        {
            bail!(
                "`--public-url` takes an http or https address without a path, such as https://quayside.example.org/"
            );
        }
        if !self.listen.ip().is_loopback()
            && self.tls.is_none()
            && !public_https
            && !self.insecure_http
        {
            bail!(
                "listening on {} without TLS would send passwords in the clear: give `--tls-cert` and `--tls-key`, or an https \
                 `--public-url` where a proxy ends TLS, or `--insecure-http`",
                self.listen
            );
        }
        if self.serve_images == Some(ServeImages::Anonymous) && !self.listen.ip().is_loopback() {
            bail!("`--serve-images anonymous` is only for loopback: use `--serve-images token`");
        }
        if self.serve_images.is_some() && self.engine != EngineChoice::Store {
            bail!("`--serve-images` serves the built-in store: give `--engine store` with it");
        }
        Ok(())
    }

    /// The address that people type.
    pub(crate) fn public_url(&self, listening: SocketAddr) -> anyhow::Result<Url> {
        if let Some(url) = &self.data.public_url {
            return Ok(url.clone());
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        if listening.ip().is_unspecified() {
            bail!(
                "listening on {listening} says nothing about the name that people type: give `--public-url`"
            );
        }
        Url::parse(&format!("{scheme}://{listening}/"))
            .context("the address listened on makes no URL")
    }
}

/// `$XDG_DATA_HOME/<name>`, else `~/.local/share/<name>`.
pub(crate) fn default_folder(name: &str) -> anyhow::Result<PathBuf> {
    let base = std::env::var_os("XDG_DATA_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from);
    let base = base.or_else(|| std::env::home_dir().map(|home| home.join(".local/share")));
    base.map(|base| base.join(name))
        .context("there is no home folder: give `--data`")
}
