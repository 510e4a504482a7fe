use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use uuid::Uuid;

use crate::process::Process;
use crate::wait::wait_until;

/// Names the cluster of a test run.
const URL: &str = "QUAYSIDE_TEST_POSTGRES";

/// A PostgreSQL cluster of its own, reached by a socket in its folder, without a TCP port.
pub struct TestPostgres {
    folder: TempDir,
    _process: Process,
}

impl TestPostgres {
    /// Makes a cluster and starts it, as user postgres where the test is root.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the cluster");
        let account = Account::for_server();
        if let Some(account) = &account {
            chown(folder.path(), Some(account.user), Some(account.group))
                .expect("root can give folders away");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))
            .expect("the folder is ours");
        let data = folder.path().join("data");
        let mut init = command("initdb", account.as_ref(), folder.path());
        init.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
            .args(["--no-locale", "--no-sync", "--pgdata"])
            .arg(&data);
        let made = init.output().expect("initdb starts");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );

        let mut server = command("postgres", account.as_ref(), folder.path());
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        // Nobody reads this cluster after a power cut.
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_connections=200",
        ] {
            server.args(["-c", setting]);
        }
        let mut process = Process::start("postgres", server);
        process
            .find_line("readiness", |line| {
                line.contains("ready to accept connections").then_some(())
            })
            .await;
        let postgres = Self {
            folder,
            _process: process,
        };
        wait_until("the database server", async || {
            run_sql(&postgres.url(), "SELECT 1").is_ok()
        })
        .await;
        postgres
    }

    /// The superuser's address.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost/postgres?host={}",
            self.folder.path().display()
        )
    }
}

/// A database of one test in the cluster of the run, dropped at the end.
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Makes an empty database.
    pub fn create() -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        run_sql(
            &cluster(),
            &format!("CREATE DATABASE {name} TEMPLATE template0"),
        )
        .unwrap_or_else(|error| panic!("no database for a test: {error}"));
        Self { name }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let cluster = cluster();
        let (address, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
        let server = address
            .rsplit_once('/')
            .map_or(address, |(server, _)| server);
        format!("{server}/{}?{query}", self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A test that failed has more to say than this.
        let _ = run_sql(
            &cluster(),
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
    }
}

fn cluster() -> String {
    std::env::var(URL).unwrap_or_else(|_| {
        panic!("{URL} is not set: run these tests by ./test, or skip `postgres::`")
    })
}

fn run_sql(url: &str, sql: &str) -> Result<(), String> {
    let psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--dbname", url, "--command", sql])
        .output()
        .map_err(|error| error.to_string())?;
    if psql.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&psql.stderr).into_owned())
    }
}

/// Whom the server runs as: it refuses root.
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    fn for_server() -> Option<Self> {
        if !rustix::process::getuid().is_root() {
            return None;
        }
        let users = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
        let account = users.lines().find_map(|line| {
            let mut fields = line.strip_prefix("postgres:")?.split(':').skip(1);
            Some(Self {
                user: fields.next()?.parse().ok()?,
                group: fields.next()?.parse().ok()?,
            })
        });
        Some(account.expect("Debian's postgresql makes a user `postgres`"))
    }
}

fn command(program: &str, account: Option<&Account>, folder: &Path) -> Command {
    let mut command = Command::new(programs().join(program));
    command.current_dir(folder).env("LC_ALL", "C");
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

/// Debian keeps the server's programs out of the search path, one folder a version.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .max();
    let version = newest.expect("postgresql is installed; ./test all installs it");
    PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))
}
