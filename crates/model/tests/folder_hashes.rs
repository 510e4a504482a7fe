//! The folder hash that becomes a workspace's `sha`.

use model::folder_hash::{FileHasher, Node};

#[test]
fn a_file_hashes_its_name_and_its_bytes() {
    // printf 'a.txthello' | sha1sum
    assert_eq!(
        Node::file("a.txt", b"hello").hex(),
        "99737f6122a74861df3cd505bc17780a73ccde91"
    );
    let mut hasher = FileHasher::new("a.txt");
    hasher.update(b"hel");
    hasher.update(b"lo");
    assert_eq!(hasher.finish(), Node::file("a.txt", b"hello"));
}

#[test]
fn a_folder_hashes_its_name_and_its_children_in_collation_order() {
    let upper = Node::file("B.png", b"2");
    let lower = Node::file("a.json", b"1");
    let inner = Node::folder("c", vec![Node::file("x", b"")]);
    let expected = Node::file(
        "Paint",
        format!("{}{}{}", lower.hex(), upper.hex(), inner.hex()).as_bytes(),
    );
    let folder = Node::folder("Paint", vec![inner.clone(), upper, lower]);
    assert_eq!(folder.hex(), expected.hex());
    assert_eq!(folder.name(), "Paint");
    assert_eq!(Node::known("c", inner.hash()), inner);
    assert_eq!(
        Node::folder("empty", Vec::new()).hex(),
        Node::file("empty", b"").hex()
    );
}
