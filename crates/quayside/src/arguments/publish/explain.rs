use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The code, as it stands in brackets in front of a finding; without it all codes are listed.
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Explain all codes, as one page of Markdown.
    #[arg(long, conflicts_with_all = ["code", "json"])]
    pub(crate) all: bool,
    /// Print the explanation, or the list, as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
