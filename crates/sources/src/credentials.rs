use outbound::Authorization;
use secrecy::SecretString;

/// What a registry behind basic authorization asks for.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: SecretString,
}

impl Credentials {
    pub(crate) fn to_authorization(&self) -> Authorization {
        Authorization::Basic {
            username: self.username.clone(),
            password: self.password.clone(),
        }
    }
}
