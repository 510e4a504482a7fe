use std::collections::HashMap;

use bollard::models::CreateImageInfo;

use crate::LayerProgress;

/// What the lines of a pull's progress stream say of each layer.
///
/// Docker tells bytes received and bytes unpacked in the same fields; only the received ones count
/// here, so that a bar runs once. A layer that was there before has nothing to receive.
#[derive(Debug, Default)]
pub(super) struct Layers {
    known: HashMap<String, LayerProgress>,
}

impl Layers {
    /// Takes one line; gives the layer if the line changed it.
    pub(super) fn take(&mut self, line: &CreateImageInfo) -> Option<LayerProgress> {
        let id = line.id.as_ref()?;
        let status = line.status.as_deref()?;
        let detail = line.progress_detail.as_ref();
        let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        let current = number(detail.and_then(|detail| detail.current));
        let total = number(detail.and_then(|detail| detail.total));
        let before = self.known.get(id);
        let next = match status {
            "Pulling fs layer" => LayerProgress {
                id: id.clone(),
                done: 0,
                total: 0,
            },
            // The total is told only with the bytes, and is -1 where the server did not say.
            "Downloading" => LayerProgress {
                id: id.clone(),
                done: current.unwrap_or(0),
                total: total.or(before.map(|layer| layer.total)).unwrap_or(0),
            },
            "Verifying Checksum" | "Download complete" | "Pull complete" => LayerProgress {
                id: id.clone(),
                done: before?.total,
                total: before?.total,
            },
            // Small layers come whole, and the first total is that of the unpacking.
            "Extracting" => {
                let total = before?.total.max(total.unwrap_or(0));
                LayerProgress {
                    id: id.clone(),
                    done: total,
                    total,
                }
            }
            _ => return None,
        };
        if before == Some(&next) {
            return None;
        }
        self.known.insert(id.clone(), next.clone());
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, status: &str, progress: Option<(i64, i64)>) -> CreateImageInfo {
        CreateImageInfo {
            id: Some(id.to_owned()),
            status: Some(status.to_owned()),
            progress_detail: progress.map(|(current, total)| bollard::models::ProgressDetail {
                current: Some(current),
                total: Some(total),
            }),
            ..CreateImageInfo::default()
        }
    }

    fn check(lines: &[CreateImageInfo], expect: &[(u64, u64)]) {
        let mut layers = Layers::default();
        let told: Vec<_> = lines
            .iter()
            .filter_map(|line| layers.take(line))
            .map(|layer| (layer.done, layer.total))
            .collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn a_layer_counts_received_bytes_once() {
        check(
            &[
                line("a", "Pulling fs layer", None),
                line("a", "Waiting", None),
                line("a", "Downloading", Some((100, 1000))),
                line("a", "Downloading", Some((900, 1000))),
                line("a", "Verifying Checksum", None),
                line("a", "Download complete", None),
                line("a", "Extracting", Some((200, 1000))),
                line("a", "Pull complete", None),
            ],
            &[(0, 0), (100, 1000), (900, 1000), (1000, 1000)],
        );
    }

    #[test]
    fn a_small_layer_gets_its_size_from_the_unpacking() {
        check(
            &[
                line("a", "Pulling fs layer", None),
                line("a", "Download complete", None),
                line("a", "Extracting", Some((154, 154))),
                line("a", "Pull complete", None),
            ],
            &[(0, 0), (154, 154)],
        );
    }

    #[test]
    fn a_layer_that_is_there_has_nothing_to_receive() {
        check(&[line("a", "Already exists", None)], &[]);
    }

    #[test]
    fn a_size_that_is_not_told_stays_unknown() {
        check(
            &[
                line("a", "Pulling fs layer", None),
                line("a", "Downloading", Some((5, -1))),
            ],
            &[(0, 0), (5, 0)],
        );
    }
}
