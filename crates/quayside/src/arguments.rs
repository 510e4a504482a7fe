//! The command line. Every option can also be set in the environment, as `QUAYSIDE_…`, and those of `serve` and
//! `agent` in one TOML file.

mod publish;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use serde::Deserialize;
use server::{Scope, TokenName};
use url::Url;

pub(crate) use publish::{
    AddVersionArguments, BuildArguments, CheckArguments, CheckFormat, ConvertArguments,
    DiffArguments, DiffFormat, ExplainArguments, ImportArguments, InitArguments, NewArguments,
    PreviewArguments, PublishCommand, SchemaArguments, SchemaName, SizesArguments, SourceArguments,
    milliseconds,
};

/// An open workspace registry: publish one, browse many, install on all your hosts.
#[derive(Debug, Parser)]
#[command(
    name = "quayside",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the whole product at work: publish a registry, add it, install a workspace.
    ///
    /// Needs no other service and no internet. Leaves nothing behind when it ends.
    Demo(DemoArguments),
    /// Run the server: the registry page, the API and, unless told otherwise, an agent for this host.
    Serve(ServeArguments),
    /// Run the agent of another host: it does there what the server's own agent does at home.
    Agent(AgentArguments),
    /// Turn a folder of workspaces into a registry that consumers can add.
    #[command(subcommand)]
    Publish(PublishCommand),
    /// Make, show and end the tokens of agents and programs.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Get back in: sign-in links and passwords.
    #[command(subcommand)]
    Admin(AdminCommand),
}

impl Command {
    /// Whether it runs until it is told to end.
    pub(crate) fn stays(&self) -> bool {
        matches!(self, Self::Demo(_) | Self::Serve(_) | Self::Agent(_))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Create a token and print it, alone, on stdout. It is not shown again.
    Create(TokenArguments),
    /// List the tokens that there are, without their secrets.
    List(ListArguments),
    /// End a token: what it was given to is refused from then on.
    Revoke(RevokeArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Print a fresh one-time sign-in link, valid for an hour. Older ones stop working.
    Link(AdminArguments),
    /// Remove the administrator's password, end all sessions and print a one-time sign-in link.
    ResetPassword(ResetPasswordArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// End after the last step, with 0 when all succeeded.
    #[arg(long)]
    pub(crate) exit: bool,
    /// Print the steps as JSON lines.
    #[arg(long)]
    pub(crate) json: bool,
    /// Address to listen on; a free port unless told.
    #[arg(
        long,
        env = "QUAYSIDE_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:0"
    )]
    pub(crate) listen: SocketAddr,
    /// What holds the images: Docker when it answers on a local socket, else the built-in store.
    #[arg(
        long,
        env = "QUAYSIDE_ENGINE",
        value_name = "ENGINE",
        default_value = "auto"
    )]
    pub(crate) engine: DemoEngine,
}

/// What holds images in the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoEngine {
    /// Docker once it has pulled the smallest example image, else the built-in store.
    Auto,
    /// Docker, or fail.
    Docker,
    /// The built-in store.
    Store,
}

/// Where a server's data is: the same for `serve`, `token` and `admin`, which work while it runs.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DataArguments {
    /// TOML file with any of these options, named as here without the dashes in front.
    #[arg(long, env = "QUAYSIDE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The server's data folder [default: $XDG_DATA_HOME/quayside, else ~/.local/share/quayside].
    #[arg(long, env = "QUAYSIDE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Database [default: SQLite in the data folder], or `postgres://user@host/name`.
    #[arg(
        long,
        env = "QUAYSIDE_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) data: DataArguments,
    /// The address that people and agents type [default: http:// and the address listened on].
    #[arg(long, env = "QUAYSIDE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Url>,
    /// Name that the administrator signs in with [default: admin].
    #[arg(long, env = "QUAYSIDE_ADMIN_NAME", value_name = "NAME")]
    pub(crate) admin_name: Option<String>,
    /// Address to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "QUAYSIDE_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Networks of proxies whose X-Forwarded-For is believed.
    #[arg(long, env = "QUAYSIDE_TRUSTED_PROXY", value_name = "CIDR", num_args = 1.., value_delimiter = ',')]
    pub(crate) trusted_proxy: Vec<IpNet>,
    /// Certificate chain for TLS, PEM.
    #[arg(
        long,
        env = "QUAYSIDE_TLS_CERT",
        value_name = "FILE",
        requires = "tls_key"
    )]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key for TLS, PEM.
    #[arg(
        long,
        env = "QUAYSIDE_TLS_KEY",
        value_name = "FILE",
        requires = "tls_cert"
    )]
    pub(crate) tls_key: Option<PathBuf>,
    /// Listen beyond loopback without TLS and without a proxy that ends it.
    #[arg(long, env = "QUAYSIDE_INSECURE_HTTP")]
    pub(crate) insecure_http: bool,
    /// The first-party registry, installed at the first start, or `none`
    /// [default: https://registry.kasmweb.com/].
    #[arg(long, env = "QUAYSIDE_FIRST_PARTY", value_name = "URL|none")]
    pub(crate) first_party: Option<String>,
    /// What holds images on this host [default: auto].
    #[arg(long, env = "QUAYSIDE_ENGINE", value_name = "ENGINE")]
    pub(crate) engine: Option<EngineChoice>,
    /// Let what a registry names lead into private networks.
    #[arg(long, env = "QUAYSIDE_ALLOW_PRIVATE_NETWORKS")]
    pub(crate) allow_private_networks: bool,
    /// Key that seals stored secrets [default: secret.key in the data folder, made at the first start].
    #[arg(long, env = "QUAYSIDE_SECRET_KEY_FILE", value_name = "FILE")]
    pub(crate) secret_key_file: Option<PathBuf>,
    /// File with the first administrator's password; without it, a one-time link is printed.
    #[arg(long, env = "QUAYSIDE_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    pub(crate) admin_password_file: Option<PathBuf>,
    /// Serve the images of the built-in store, read-only, under /v2/.
    #[arg(long, env = "QUAYSIDE_SERVE_IMAGES", value_name = "WHO")]
    pub(crate) serve_images: Option<ServeImages>,
}

/// Who may pull from `/v2/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ServeImages {
    /// Tokens of scope `images:read`, as password.
    Token,
    /// Everybody; only while listening on loopback.
    Anonymous,
}

/// What holds images on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EngineChoice {
    /// Docker where it answers, else the built-in store.
    Auto,
    /// Docker Engine, or a compatible API.
    Docker,
    /// The built-in store.
    Store,
    /// None: the server runs without an agent on its own host.
    None,
}

#[derive(Debug, Args)]
pub(crate) struct AgentArguments {
    /// TOML file with any of these options, named as here without the dashes in front.
    #[arg(long, env = "QUAYSIDE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address of the server, as this host reaches it.
    #[arg(long, env = "QUAYSIDE_SERVER", value_name = "URL")]
    pub(crate) server: Option<Url>,
    /// File with a token of scope `agent`, from `quayside token create NAME --scope agent` on the server.
    #[arg(long, env = "QUAYSIDE_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// What holds images on this host [default: auto].
    #[arg(long, env = "QUAYSIDE_ENGINE", value_name = "ENGINE")]
    pub(crate) engine: Option<AgentEngine>,
    /// The agent's own data folder [default: $XDG_DATA_HOME/quayside-agent, else ~/.local/share/quayside-agent].
    #[arg(long, env = "QUAYSIDE_AGENT_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Send the token to a server without TLS, on a network that you trust.
    #[arg(long, env = "QUAYSIDE_INSECURE_HTTP")]
    pub(crate) insecure_http: bool,
}

/// What holds images on a host that has nothing but an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AgentEngine {
    /// Docker where it answers, else the built-in store.
    Auto,
    /// Docker Engine, or a compatible API.
    Docker,
    /// The built-in store.
    Store,
}

impl From<AgentEngine> for EngineChoice {
    fn from(engine: AgentEngine) -> Self {
        match engine {
            AgentEngine::Auto => Self::Auto,
            AgentEngine::Docker => Self::Docker,
            AgentEngine::Store => Self::Store,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// What the token is for; an agent gets this name. Each agent needs a token of its own.
    #[arg(value_name = "NAME")]
    pub(crate) name: TokenName,
    /// What it may do: read, write, agent, images:read, metrics.
    #[arg(long, value_name = "SCOPE", required = true, value_delimiter = ',')]
    pub(crate) scope: Vec<Scope>,
    /// Give a token of that name a new secret; the old one works no more, its agent stays the same.
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Print the tokens as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArguments {
    /// The name that it was created with.
    #[arg(value_name = "NAME")]
    pub(crate) name: TokenName,
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
pub(crate) struct AdminArguments {
    #[command(flatten)]
    pub(crate) data: DataArguments,
    /// The address that the link begins with [default: what the server answers at].
    #[arg(long, env = "QUAYSIDE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Url>,
}

#[derive(Debug, Args)]
pub(crate) struct ResetPasswordArguments {
    #[command(flatten)]
    pub(crate) link: AdminArguments,
    /// Name of the administrator whose password goes [default: admin].
    #[arg(long, env = "QUAYSIDE_ADMIN_NAME", value_name = "NAME")]
    pub(crate) admin_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
