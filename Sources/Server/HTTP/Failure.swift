internal import Foundation
package import HTTPTypes
package import Hummingbird
internal import Media
internal import Retrieval

/// Why a request is not answered as asked.
package struct Failure: Error, HTTPResponseError {
    package let status: HTTPResponse.Status
    package let message: String
    /// Seconds after which it is worth asking again.
    package var retryAfter: Int?

    init(_ status: HTTPResponse.Status, _ message: String, retryAfter: Int? = nil) {
        (self.status, self.message, self.retryAfter) = (status, message, retryAfter)
    }

    /// So many wait already.
    static let busy = Failure(.serviceUnavailable, "too many requests wait already; ask again", retryAfter: 1)
    /// Its turn did not come, or its work was not done, in time.
    static let late = Failure(
        .serviceUnavailable, "the answer would take longer than a request may; ask again, or for less", retryAfter: 5)

    /// What an error of the layers below means to a client. Paths of this machine are left out.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as MediaError:
            let cause = error.cause.map { " (\($0))" } ?? ""
            self.init(
                error.code == .badRequest ? .badRequest : .unprocessableContent,
                "\(error.message)\(cause)." + (error.remedy.isEmpty ? "" : " \(error.remedy)"))
        case let error as RetrievalError where error.code == .request: self.init(.badRequest, error.message)
        case let error as RetrievalError where error.code == .model: self.init(.conflict, error.message)
        default: self.init(.internalServerError, "the server failed; its log says why")
        }
    }

    private struct Answer: Encodable {
        struct Body: Encodable { var message: String }
        var error: Body
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try JSONAnswer.response(Answer(error: .init(message: message)), status: status)
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        return response
    }
}

/// Answers of JSON.
enum JSONAnswer {
    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(value)
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .contentLength: "\(data.count)"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
