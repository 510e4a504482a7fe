use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use outbound::{Client, ClientConfig, Reach, Request, Streaming};
use serde_json::Value;
use url::Url;

/// A client that knows no connection yet; one a test, because connections belong to a runtime.
pub(crate) fn http_client() -> Client {
    outbound::install_crypto_provider();
    Client::new(ClientConfig::default()).expect("the defaults are sound")
}

/// Asks a server over HTTP, as a program or a browser does.
#[derive(Clone)]
pub struct TestClient {
    client: Client,
    origin: Url,
    /// Sent with every request.
    headers: HeaderMap,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl TestClient {
    /// A client that nobody knows.
    pub fn new(origin: &Url) -> Self {
        Self {
            client: http_client(),
            origin: origin.clone(),
            headers: HeaderMap::new(),
        }
    }

    /// The same with a header field in every request.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("tests write header values that are some");
        self.headers.insert(name, value);
        self
    }

    /// The same without a header field.
    #[must_use]
    pub fn without(mut self, name: &HeaderName) -> Self {
        self.headers.remove(name);
        self
    }

    /// A header field that is sent with every request.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same with a token.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Any method, with JSON or nothing as the body.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request
                .header(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                )
                .body(body.to_string());
        }
        self.fetch(request).await
    }

    /// POST of a form, as a page does without script.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = "application/x-www-form-urlencoded";
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, HeaderValue::from_static(form))
            .body(body.finish());
        self.fetch(request).await
    }

    /// GET of an answer that goes on.
    pub async fn open(&self, path: &str) -> Streaming {
        let request = self.request(Method::GET, path);
        let opened = self.client.open(request).await;
        opened.unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// Whether anything answers GET with success; connections refused are no failure.
    pub async fn is_up(&self, path: &str) -> bool {
        let answer = self.client.fetch(self.request(Method::GET, path)).await;
        answer.is_ok_and(|answer| answer.status.is_success())
    }

    fn request(&self, method: Method, path: &str) -> Request {
        let url = self.origin.join(path).expect("a path");
        let mut request = Request::new(method, url, Reach::Typed)
            .redirects(0)
            .body_limit(64 << 20)
            .deadline(crate::DEADLINE)
            .idle(crate::DEADLINE);
        request.headers = self.headers.clone();
        // Servers of tests come and go; a connection kept would only tell of the last one.
        request.header(header::CONNECTION, HeaderValue::from_static("close"))
    }

    async fn fetch(&self, request: Request) -> Answer {
        let what = format!("{} {}", request.method, request.url.path());
        let fetched = self.client.fetch(request).await;
        let fetched = fetched.unwrap_or_else(|error| panic!("{what}: {error}"));
        Answer {
            status: fetched.status,
            headers: fetched.headers,
            body: fetched.body,
        }
    }
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} is no JSON: {error}\n{}", self.status, self.text()))
    }

    /// A header field as text.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Fails with the answer unless its status is this one.
    #[must_use]
    pub fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The value of the first hidden field of this name on a page.
    pub fn hidden_field(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    }

    /// The cookies that the answer sets, as a browser sends them back; removed ones are left out.
    pub fn cookies(&self) -> String {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let pairs: Vec<&str> = pairs.filter(|pair| !pair.ends_with('=')).collect();
        pairs.join("; ")
    }
}
