use std::collections::BTreeSet;
use std::sync::Arc;

use engine::PinnedImage;
use model::ImageReference;
use tokio_util::sync::CancellationToken;

use super::{RunningPull, Subject, TaskEnd, Worker};
use crate::plan::{Action, ImageKey, Member};
use crate::pull::{PullNews, PullNewsKind, PullTask};

impl Worker {
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Ready { member, size_bytes } => self.report_ready(&member, size_bytes),
            Action::Unreadable {
                placement,
                attempt,
                text,
            } => self.report_unreadable(placement, attempt, text),
            Action::Gone {
                placement,
                attempt,
                kept,
            } => self.report_gone(placement, attempt, kept),
            Action::Pull { key, members, held } => self.start_pull(key, members, held),
            Action::Join { key, member } => self.join_pull(&key, &member),
            Action::Cancel { key } => {
                if let Some(pull) = self.pulls.get(&key) {
                    pull.cancel.cancel();
                }
            }
            Action::Untag { key, member } => self.start_untag(key, member),
            Action::Remove { key, members } => self.start_removal(key, members),
        }
    }

    fn start_pull(&mut self, key: ImageKey, members: Vec<Member>, held: bool) {
        let Some(first) = members.first() else {
            return;
        };
        let cancel = CancellationToken::new();
        let task = PullTask {
            key: key.clone(),
            image: first.image.clone(),
            held,
            brought: self.brought.clone(),
            cancel: cancel.clone(),
            told: self.told.clone(),
        };
        let engine = Arc::clone(&self.engine);
        let turns = Arc::clone(&self.turns);
        self.spawn(key.clone(), Subject::Pull, async move {
            TaskEnd::Pull(task.run(engine, turns).await)
        });
        let pull = RunningPull {
            members,
            tagged: Vec::new(),
            cancel,
            is_bringing: false,
            is_tagging: held,
            layers: Vec::new(),
        };
        self.pulls.insert(key, pull);
    }

    fn join_pull(&mut self, key: &ImageKey, member: &Member) {
        let Some(pull) = self.pulls.get_mut(key) else {
            return;
        };
        pull.members.push(member.clone());
        if pull.is_bringing {
            let layers = pull.layers.clone();
            // Its ticket is of no use: that the image is ours was acknowledged, or is waited for.
            drop(self.report_pulling(member, layers));
        }
    }

    fn start_untag(&mut self, key: ImageKey, member: Member) {
        let engine = Arc::clone(&self.engine);
        let image = member.image.clone();
        self.spawn(key.clone(), Subject::Untag, async move {
            TaskEnd::Untag(engine.untag(&image).await)
        });
        self.removals.insert(key, vec![member]);
    }

    fn start_removal(&mut self, key: ImageKey, members: Vec<Member>) {
        let Ok(reference) = ImageReference::parse(&format!("{}@{}", key.repository, key.digest))
        else {
            self.forget_brought(&key);
            return;
        };
        let image = PinnedImage {
            reference,
            digest: key.digest.clone(),
        };
        let published = members
            .iter()
            .filter_map(|member| member.image.published_tag());
        let mut tags: BTreeSet<String> = published.map(str::to_owned).collect();
        tags.extend(self.tags.get(&key).into_iter().flatten().cloned());
        let tags: Vec<String> = tags.into_iter().collect();
        let engine = Arc::clone(&self.engine);
        self.spawn(key.clone(), Subject::Remove, async move {
            TaskEnd::Remove(engine.remove(&image, &tags).await)
        });
        self.removals.insert(key, members);
    }

    fn spawn(
        &mut self,
        key: ImageKey,
        subject: Subject,
        work: impl Future<Output = TaskEnd> + Send + 'static,
    ) {
        let id = self.tasks.spawn(work).id();
        self.subjects.insert(id, (key, subject));
    }

    pub(super) fn take_news(&mut self, news: PullNews) {
        let Some(pull) = self.pulls.get_mut(&news.key) else {
            return;
        };
        match news.kind {
            PullNewsKind::Begins(known) => {
                pull.is_bringing = true;
                let members = pull.members.clone();
                let ImageKey { repository, digest } = news.key;
                self.brought.insert(repository.clone(), digest.clone());
                self.added.insert(repository, digest);
                let tickets: Vec<_> = members
                    .iter()
                    .map(|member| self.report_pulling(member, Vec::new()))
                    .collect();
                self.waits.spawn(async move {
                    let mut is_known = false;
                    for ticket in tickets {
                        is_known |= ticket.await.is_ok();
                    }
                    if is_known {
                        // The pull may have been cancelled meanwhile.
                        let _ = known.send(());
                    }
                });
            }
            PullNewsKind::Arrived(wanted) => {
                pull.is_tagging = true;
                pull.tagged = images_of(&pull.members);
                let tags: Vec<String> = pull
                    .tagged
                    .iter()
                    .filter_map(|image| image.published_tag().map(str::to_owned))
                    .collect();
                // A pull that is cut off does not ask any more.
                let _ = wanted.send(pull.tagged.clone());
                self.note_tags(news.key, tags.into_iter());
            }
            PullNewsKind::Layers(layers) => {
                pull.layers.clone_from(&layers);
                if pull.is_bringing {
                    let members = pull.members.clone();
                    for member in &members {
                        self.tell_layers(member, layers.clone());
                    }
                }
            }
        }
    }
}

/// The images of these placements, which differ in their tags; each once.
fn images_of(members: &[Member]) -> Vec<PinnedImage> {
    let mut images = Vec::new();
    for member in members {
        if !images.contains(&member.image) {
            images.push(member.image.clone());
        }
    }
    images
}
