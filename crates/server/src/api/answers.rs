//! What operations have in common, described in one place: who is refused, what is wrong with a request.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, Object, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Type,
};

/// Answers that operations share: status, name, and when it is given.
const SHARED: [(u16, &str, &str); 10] = [
    (
        400,
        "BadRequest",
        "The query, a header or the JSON cannot be read",
    ),
    (
        401,
        "Unauthorized",
        "Nobody is signed in, and no token was sent that is known: `code` says which",
    ),
    (
        403,
        "Forbidden",
        "The token lacks the scope, or a browser's change does not come from a page of this server",
    ),
    (404, "NotFound", "There is nothing of this identifier"),
    (
        409,
        "Conflict",
        "It cannot be done as things are, or the same Idempotency-Key is being answered right now",
    ),
    (
        412,
        "PreconditionFailed",
        "Somebody changed it in the meantime",
    ),
    (413, "ContentTooLarge", "The body is larger than is read"),
    (
        421,
        "MisdirectedRequest",
        "This server is not reached by that name",
    ),
    (
        422,
        "UnprocessableContent",
        "Fields are wrong, or the Idempotency-Key came with another request before",
    ),
    (503, "ServiceUnavailable", "It was not answered in time"),
];

/// Adds to every operation the answers that come before or around its handler, and the key that repeated ones carry.
pub(super) fn describe(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (_, name, when) in SHARED {
        components
            .responses
            .insert(name.to_owned(), problem(when).into());
    }
    for (path, item) in &mut document.paths.paths {
        let streams = path.ends_with("/inspect");
        let operations = [
            (&mut item.get, false),
            (&mut item.post, !streams),
            (&mut item.patch, false),
            (&mut item.delete, false),
        ];
        for (operation, takes_key) in operations {
            if let Some(operation) = operation {
                describe_operation(operation, path, takes_key);
            }
        }
    }
}

/// `takes_key` where a repeated request with the same `Idempotency-Key` is answered as before.
fn describe_operation(operation: &mut Operation, path: &str, takes_key: bool) {
    let has = |kind: &ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(
            |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == *kind),
        )
    };
    let has_body = operation.request_body.is_some();
    let mut given = vec![401, 403, 421, 503];
    if has(&ParameterIn::Query) || has_body || takes_key {
        given.push(400);
    }
    if path.contains('{') {
        given.push(404);
    }
    if has_body || takes_key {
        given.extend([413, 422]);
    }
    if takes_key {
        given.push(409);
        operation
            .parameters
            .get_or_insert_default()
            .push(idempotency_key().into());
    }
    for (status, name, _) in SHARED {
        if given.contains(&status) {
            operation
                .responses
                .responses
                .entry(status.to_string())
                .or_insert_with(|| Ref::from_response_name(name).into());
        }
    }
}

fn problem(when: &str) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    ResponseBuilder::new()
        .description(when)
        .content("application/problem+json", content)
        .build()
}

fn idempotency_key() -> Parameter {
    let mut key = Parameter::new("Idempotency-Key");
    key.parameter_in = ParameterIn::Header;
    key.required = Required::False;
    key.description = Some(
        "1 to 255 ASCII characters. The same request with the same key is answered for a day as it was the first time."
            .to_owned(),
    );
    key.schema = Some(Object::with_type(Type::String).into());
    key
}
