use clap::ValueEnum;
use model::SchemaForm;

/// A form of the registry format, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaArgument {
    /// One image for all versions of the server; read by all of them.
    #[value(name = "1.0")]
    V1_0,
    /// An image for each version, and channels.
    #[value(name = "1.1")]
    V1_1,
}

impl From<SchemaArgument> for SchemaForm {
    fn from(argument: SchemaArgument) -> Self {
        match argument {
            SchemaArgument::V1_0 => Self::V1_0,
            SchemaArgument::V1_1 => Self::V1_1,
        }
    }
}
