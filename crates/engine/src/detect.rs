use std::sync::Arc;

use crate::{DockerAddress, DockerEngine, Engine, EngineError};

/// Which engine a person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Docker if it answers, else the built-in store.
    Auto(DockerAddress),
    /// Docker at that address, whether it answers or not.
    Docker(DockerAddress),
    /// The built-in store.
    Store,
}

/// The engine that was chosen, and why.
pub struct Detected {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// One sentence for people.
    pub reason: String,
}

/// Chooses an engine. The built-in store is opened only if it is the choice.
pub async fn detect<E>(
    wanted: Wanted,
    open_store: impl FnOnce() -> Result<Arc<dyn Engine>, E>,
) -> Result<Detected, E> {
    match wanted {
        Wanted::Docker(address) => Ok(Detected {
            reason: format!("Images are held by Docker at {address}, as asked."),
            engine: Arc::new(DockerEngine::new(address)),
        }),
        Wanted::Store => Ok(Detected {
            engine: open_store()?,
            reason: "Images are held by the built-in store, as asked.".to_owned(),
        }),
        Wanted::Auto(address) => {
            let docker = DockerEngine::new(address);
            match docker.info().await {
                Ok(info) => Ok(Detected {
                    reason: format!(
                        "Images are held by Docker Engine {} at {}.",
                        info.version,
                        docker.address()
                    ),
                    engine: Arc::new(docker),
                }),
                Err(EngineError { text, .. }) => Ok(Detected {
                    engine: open_store()?,
                    reason: if docker.address().is_absent() {
                        format!(
                            "No Docker at {}: images are held by the built-in store.",
                            docker.address()
                        )
                    } else {
                        format!(
                            "Docker at {} cannot be used, so images are held by the built-in store: {text}.",
                            docker.address()
                        )
                    },
                }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, MemoryEngine};

    #[tokio::test]
    async fn without_docker_the_store_is_taken_and_the_reason_told() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("docker.sock");
        let address = DockerAddress::Socket(socket.to_string_lossy().into_owned());
        let detected = detect(Wanted::Auto(address), || {
            Ok::<_, ()>(Arc::new(MemoryEngine::new("amd64")) as Arc<dyn Engine>)
        })
        .await
        .unwrap();
        assert_eq!(detected.engine.kind(), EngineKind::Memory);
        assert_eq!(
            detected.reason,
            format!(
                "No Docker at unix://{}: images are held by the built-in store.",
                socket.display()
            )
        );
        std::fs::write(&socket, "").unwrap();
        let address = DockerAddress::Socket(socket.to_string_lossy().into_owned());
        let detected = detect(Wanted::Auto(address), || {
            Ok::<_, ()>(Arc::new(MemoryEngine::new("amd64")) as Arc<dyn Engine>)
        })
        .await
        .unwrap();
        assert!(
            detected.reason.contains("cannot be used"),
            "{}",
            detected.reason
        );
    }

    #[tokio::test]
    async fn docker_that_was_asked_for_is_taken_even_while_it_is_down() {
        let detected = detect(Wanted::Docker(DockerAddress::local()), || Err(()))
            .await
            .unwrap();
        assert_eq!(detected.engine.kind(), EngineKind::Docker);
    }
}
