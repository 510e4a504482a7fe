use std::time::Instant;
#[tokio::main]
async fn main() {
    outbound::install_crypto_provider();
    let a: Vec<String> = std::env::args().collect();
    let client = outbound::Client::new(outbound::ClientConfig {
        allow_private_networks: true,
        ..Default::default()
    })
    .unwrap();
    let mut o = images::Options::default();
    if let Some(n) = a.get(3) {
        o.layers_at_once = n.parse().unwrap();
    }
    let registry = images::ImageRegistry::new(client, o);
    let reference = model::ImageReference::parse(&a[1]).unwrap();
    let t = Instant::now();
    let layout = images::Layout::open(std::path::Path::new(&a[2])).unwrap();
    let r = registry.resolve(&reference, None).await.unwrap();
    let t1 = t.elapsed();
    let cancel = tokio_util::sync::CancellationToken::new();
    let p = layout
        .pull(&registry, &reference, &r.digest, "amd64", &|_| {}, &cancel)
        .await
        .unwrap();
    println!(
        "{:?} resolve {:?} fetched {} size {}",
        t.elapsed(),
        t1,
        p.fetched_bytes,
        p.size_bytes
    );
}
