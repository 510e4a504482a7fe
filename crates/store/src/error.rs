use sea_orm::{DbErr, SqlErr, sqlx};

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no database that is supported; the administrator's mistake.
    #[error("not a database URL: `{0}` (expected `sqlite:PATH` or `postgres://…`)")]
    Url(String),
    /// The database file could not be made or opened; the administrator's to mend.
    #[error("failed to open the database file `{path}`")]
    File {
        /// The file.
        path: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The database refused, broke off or cannot be reached; not normal.
    #[error("the database failed: {0}")]
    Database(String),
    /// A row holds what this program never writes; not normal.
    #[error("the database holds an unreadable {0}")]
    Corrupt(&'static str),
    /// A row that was to be changed or pointed to is gone; normal when two people act at once.
    #[error("not found")]
    NotFound,
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            // A row that was to be pointed to is gone.
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::NotFound,
            _ => Self::database(&error),
        }
    }
}

impl StoreError {
    /// The innermost words of an error: the outer ones only name layers of the driver.
    pub(crate) fn database(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut innermost = error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        let of_driver = innermost.downcast_ref::<sqlx::Error>();
        Self::Database(match of_driver.and_then(sqlx::Error::as_database_error) {
            Some(error) => match error.code() {
                Some(code) => format!("{} (code {code})", error.message()),
                None => error.message().to_owned(),
            },
            None => innermost.to_string(),
        })
    }
}
