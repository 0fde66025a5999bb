//! An S3 server on this machine: `s3s-fs` over a temporary folder, with authentication.

use std::net::SocketAddr;
use std::path::Path;
use std::thread::JoinHandle;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The key of the only user.
pub(crate) const KEY: &str = "AKIDHARBOR";
/// The secret of that key.
pub(crate) const SECRET: &str = "q3Lw0pZr8Nf5tYvB1xHs";

/// The server, gone when it is dropped.
pub(crate) struct Server {
    folder: TempDir,
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with these empty buckets.
    pub(crate) fn with(buckets: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for bucket in buckets {
            std::fs::create_dir(folder.path().join(bucket)).unwrap();
        }
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (end, mut ended) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                loop {
                    let connection = tokio::select! {
                        connection = listener.accept() => connection,
                        _ = &mut ended => break,
                    };
                    let service = service.clone();
                    tokio::spawn(async move {
                        // A client that goes away is no error of the server.
                        let io = TokioIo::new(connection.unwrap().0);
                        let _ = Builder::new(TokioExecutor::new()).serve_connection(io, service).await;
                    });
                }
            });
        });
        Self { folder, address, end: Some(end), thread: Some(thread) }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder of a bucket, whose files are its objects.
    pub(crate) fn bucket(&self, bucket: &str) -> std::path::PathBuf {
        self.folder.path().join(bucket)
    }

    /// Puts an object into a bucket.
    pub(crate) fn put(&self, bucket: &str, key: &str, content: impl AsRef<[u8]>) {
        let path = self.bucket(bucket).join(key);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
