internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Retrieval

/// What a request asks for, read from its query and its path.
extension Request {
    /// - Throws: `Failure` for what is no such value.
    func value<Value: LosslessStringConvertible>(_ name: String, _ type: Value.Type = Value.self) throws -> Value? {
        guard let text = uri.queryParameters[Substring(name)] else { return nil }
        guard let value = Value(String(text)) else { throw Failure(.badRequest, "\(name) cannot be '\(text)'") }
        return value
    }

    /// A number in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = try value(name, Double.self) else { return nil }
        guard range.contains(value) else {
            throw Failure(
                .badRequest, "\(name) lies from \(range.lowerBound) to \(range.upperBound), and \(value) does not")
        }
        return value
    }

    /// Seconds, from `from` and `to`.
    func part() throws -> (from: Double?, to: Double?) {
        let (from, to) = (try number("from", in: 0...1e9), try number("to", in: 0...1e9))
        if let from, let to, from >= to { throw Failure(.badRequest, "from has to lie before to") }
        return (from, to)
    }

    /// How many to answer with.
    func count(_ standard: Int = 20) throws -> Int { Int(try number("count", in: 1...1000) ?? Double(standard)) }

    func filter() throws -> MomentFilter {
        var filter = MomentFilter()
        filter.path = try value("path")
        filter.shortest = try number("shortest", in: 0...1e9)
        filter.longest = try number("longest", in: 0...1e9)
        filter.label = try value("labelled")
        let days = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
        func day(_ name: String) throws -> Date? {
            guard let text: String = try value(name) else { return nil }
            guard let date = try? days.parse(text) else {
                throw Failure(.badRequest, "\(name) is a day, as 2026-01-31, and not '\(text)'")
            }
            return date
        }
        (filter.since, filter.until) = (try day("since"), try day("until"))
        return filter
    }

    /// The body as JSON, of a mebibyte at most.
    func json<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        let buffer: ByteBuffer
        do { buffer = try await body.collect(upTo: 1 << 20) } catch {
            throw Failure(.contentTooLarge, "the body may have 1 MiB at most")
        }
        do { return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView)) } catch {
            throw Failure(.badRequest, "the body is not the JSON that /api/openapi.json asks for")
        }
    }
}
