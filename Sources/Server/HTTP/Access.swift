internal import HTTPTypes
package import Hummingbird
internal import Logging

/// Lets in who may come in: with a token, who shows it; without one, who asks this machine by its own name, so that no page
/// of another site can reach it through a name that it made point here.
package struct Access<Context: RequestContext>: RouterMiddleware {
    let token: String?

    /// What the cookie is called that the page keeps the token in.
    static var cookieName: String { "sora" }

    package func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response)
        async throws
        -> Response
    {
        let host = request.head.authority ?? ""
        if request.method != .get, request.method != .head, let origin = request.headers[.origin] {
            guard origin == "http://\(host)" || origin == "https://\(host)" else {
                throw Failure(.forbidden, "the request comes from a page of another site")
            }
        }
        if let token {
            let shown =
                request.headers[.authorization].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
                ?? request.cookies[Self.cookieName]?.value
            guard Self.isSame(shown ?? "", token) else {
                var failure = Failure(.unauthorized, "show the server's token, as 'Authorization: Bearer TOKEN'")
                failure.retryAfter = nil
                throw failure
            }
        } else {
            guard Self.isLocal(host) else {
                throw Failure(.forbidden, "the server answers to localhost and 127.0.0.1 only")
            }
        }
        return try await next(request, context)
    }

    /// Compares in a time that tells nothing of where they differ.
    private static func isSame(_ shown: String, _ token: String) -> Bool {
        let (a, b) = (Array(shown.utf8), Array(token.utf8))
        var difference: UInt8 = a.count == b.count ? 0 : 1
        for (place, byte) in b.enumerated() { difference |= byte ^ (place < a.count ? a[place] : 0) }
        return difference == 0
    }

    /// Whether a Host header names this machine.
    package static func isLocal(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "localhost" || name == "[::1]"
            || (name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." })
    }
}

/// Turns errors into answers, and counts all answers.
struct Counting<Context: RequestContext>: RouterMiddleware {
    let metrics: Metrics

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws
        -> Response
    {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        } catch {
            let failure = Failure(error)
            if failure.status == .internalServerError { context.logger.error("\(request.uri.path): \(error)") }
            response = try failure.response(from: request, context: context)
        }
        // The page is alone with what it loads, and is shown in no other's frame.
        response.headers[.contentSecurityPolicy] =
            "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        response.headers[.xContentTypeOptions] = "nosniff"
        metrics.count(
            route: "\(request.method.rawValue) \(context.endpointPath ?? "none")", status: response.status.code,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        return response
    }
}
