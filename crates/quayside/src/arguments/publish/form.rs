use clap::ValueEnum;
use model::SchemaForm;

/// A form of the registry format, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormArgument {
    /// One image for all versions of the server; read by all of them.
    #[value(name = "1.0")]
    V1_0,
    /// An image for each version, and channels.
    #[value(name = "1.1")]
    V1_1,
}

impl From<FormArgument> for SchemaForm {
    fn from(argument: FormArgument) -> Self {
        match argument {
            FormArgument::V1_0 => Self::V1_0,
            FormArgument::V1_1 => Self::V1_1,
        }
    }
}
