import Foundation
import Testing

import Server

@Suite(.serialized) struct ServerTests {
    @Test func healthAndVideos() async throws {
        let server = try await LiveServer.shared.value
        let health = try await server.ask("/api/health")
        #expect(health.status == 200 && health.object["videos"] as? Int == 12)
        let list = try await server.ask("/api/videos?count=5&offset=2&path=MOVE")
        #expect(list.object["total"] as? Int == 4)
        let videos = try #require(list.object["videos"] as? [[String: Any]])
        #expect(videos.map { $0["name"] as? String } == ["move-left/002.mp4", "move-left/003.mp4"])
        let id = try #require(videos[0]["id"] as? Int)
        let whole = try await server.ask("/api/videos/\(id)")
        #expect((whole.object["segments"] as? [Any])?.isEmpty == false)
        for path in ["/api/videos/999", "/api/videos/x", "/nowhere", "/api/jobs/77", "/../etc/passwd"] {
            let answer = try await server.ask(path)
            #expect(answer.status == 404 || answer.status == 400, "\(path)")
        }
    }

    @Test func thePageIsWhole() async throws {
        let server = try await LiveServer.shared.value
        let page = try await server.ask("/")
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.headers["content-security-policy"]?.contains("default-src 'self'") == true)
        let text = String(decoding: page.body, as: UTF8.self)
        // Nothing from elsewhere.
        #expect(!text.contains("http://") && !text.contains("https://"))
        for (path, type) in [("/app.js", "text/javascript; charset=utf-8"), ("/app.css", "text/css; charset=utf-8")] {
            let part = try await server.ask(path)
            #expect(part.status == 200 && part.headers["content-type"] == type)
            #expect(!String(decoding: part.body, as: UTF8.self).contains("https://"))
        }
        // What the script looks for is there.
        let script = String(decoding: try await server.ask("/app.js").body, as: UTF8.self)
        for match in script.matches(of: /\$\("([a-z-]+)"\)/) {
            #expect(text.contains("id=\"\(match.1)\""), "\(match.1)")
        }
    }

    @Test func searches() async throws {
        let server = try await LiveServer.shared.value
        let clip = try server.clip("grow/001.mp4")
        let found = try await server.ask("/api/search?count=3", method: "POST", body: clip)
        #expect(found.status == 200, "\(found.message)")
        let best = try #require(found.moments.first)
        #expect((best["video"] as? [String: Any])?["name"] as? String == "grow/001.mp4")
        #expect(best["pairs"] is [[Double]])
        let upload = try #require(found.object["upload"] as? String)
        // The upload can be searched by again, and a part of it.
        let part = try await server.ask("/api/search?upload=\(upload)&from=0.5&to=1.5&count=3")
        #expect((part.moments.first?["video"] as? [String: Any])?["name"] as? String == "grow/001.mp4")
        let beyond = try await server.ask("/api/search?upload=\(upload)&from=50&to=60")
        #expect(beyond.status == 400 && beyond.message.contains("no frame"))
        #expect(try await server.ask("/api/search?upload=0123").status == 404)
        // By what is indexed: without itself, unless one asks for that.
        let id = try #require((best["video"] as? [String: Any])?["id"] as? Int)
        let others = try await server.ask("/api/search?video=\(id)")
        #expect(others.moments.allSatisfy { ($0["video"] as? [String: Any])?["id"] as? Int != id })
        let own = try await server.ask("/api/search?url=/api/videos/\(id)/file&own=true&count=1")
        #expect((own.moments.first?["video"] as? [String: Any])?["id"] as? Int == id)
        let segment = try #require(best["segment"] as? Int)
        #expect(try await server.ask("/api/search?like=\(segment)").moments.isEmpty == false)
        let taste = try await server.send("/api/recommend", "POST", ["more": [segment], "count": 4, "diversity": 0.2])
        #expect(taste.moments.count == 4)
        for path in [
            "/api/search", "/api/search?from=5&to=2", "/api/search?count=0", "/api/search?like=x",
            "/api/search?url=elsewhere",
            "/api/search?video=1&since=yesterday", "/api/search?count=nan",
        ] { #expect(try await server.ask(path).status == 400, "\(path)") }
    }

    /// The files of all servers' uploads.
    private static func uploads() throws -> Set<String> {
        let place = FileManager.default.temporaryDirectory.path
        let folders = try FileManager.default.contentsOfDirectory(atPath: place).filter {
            $0.hasPrefix("sora-uploads-")
        }
        return Set(try folders.flatMap { try FileManager.default.contentsOfDirectory(atPath: place + "/" + $0) })
    }

    @Test func whatIsSentIsChecked() async throws {
        let server = try await LiveServer.shared.value
        let before = try Self.uploads()
        for path in ["/api/search", "/api/embed", "/api/classify"] {
            let text = try await server.ask(path, method: "POST", body: Data("no video".utf8))
            #expect(
                text.status == 422 && text.message.contains("not a video"), "\(path): \(text.status) \(text.message)")
            // No path of the machine is told.
            #expect(!text.message.contains("/"), "\(text.message)")
            #expect(try await server.ask(path, method: "POST", body: Data()).status == 400)
            let large = try await server.ask(path, method: "POST", body: Data(count: 3 << 20))
            #expect(large.status == 413, "\(path): \(large.status)")
        }
        // What was no video is gone.
        #expect(try Self.uploads() == before)
        let vectors = try await server.ask("/api/embed", method: "POST", body: server.clip("grow/000.mp4"))
        let segments = try #require(vectors.object["segments"] as? [[String: Any]])
        #expect((segments.first?["vector"] as? [Double])?.count == 48)
    }

    @Test func picturesAndBytes() async throws {
        let server = try await LiveServer.shared.value
        let id = try #require(
            (try await server.ask("/api/videos?count=1").object["videos"] as? [[String: Any]])?.first?["id"] as? Int)
        let still = try await server.ask("/api/videos/\(id)/thumbnail?time=1&width=32")
        #expect(still.headers["content-type"] == "image/jpeg" && still.body.prefix(3) == Data([0xFF, 0xD8, 0xFF]))
        let film = try await server.ask("/api/videos/\(id)/preview?from=0.2&to=1.4")
        #expect(film.headers["content-type"] == "video/mp4" && film.body.dropFirst(4).prefix(4) == Data("ftyp".utf8))
        #expect(try await server.ask("/api/videos/\(id)/preview?from=500").status == 404)
        let file = try server.clip("grow/000.mp4")
        let whole = try await server.ask("/api/videos/\(id)/file")
        #expect(whole.status == 200 && whole.body == file && whole.headers["accept-ranges"] == "bytes")
        let part = try await server.ask("/api/videos/\(id)/file", headers: ["Range": "bytes=10-109"])
        #expect(part.status == 206 && part.body == file[10..<110])
        #expect(part.headers["content-range"] == "bytes 10-109/\(file.count)")
        let tail = try await server.ask("/api/videos/\(id)/file", headers: ["Range": "bytes=-7"])
        #expect(tail.status == 206 && tail.body == file.suffix(7))
        let beyond = try await server.ask("/api/videos/\(id)/file", headers: ["Range": "bytes=\(file.count)-"])
        #expect(beyond.status == 416 && beyond.headers["content-range"] == "bytes */\(file.count)")
        let head = try await server.ask("/api/videos/\(id)/file", method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty && head.headers["content-length"] == "\(file.count)")
    }

    @Test func labelsAndClassification() async throws {
        let server = try await LiveServer.shared.value
        let nothing = try await server.ask("/api/classify", method: "POST", body: server.clip("grow/000.mp4"))
        #expect(nothing.status == 409)
        let first = try await server.ask("/api/labels/next?count=3")
        #expect(first.list.count == 3)
        for name in ["grow", "move-left"] {
            for clip in 0..<3 {
                let list = try await server.ask("/api/videos?path=\(name)/00\(clip)")
                let id = try #require((list.object["videos"] as? [[String: Any]])?.first?["id"] as? Int)
                let segments = try #require(
                    try await server.ask("/api/videos/\(id)").object["segments"] as? [[String: Any]])
                for segment in segments {
                    let number = try #require(segment["segment"] as? Int)
                    #expect(
                        try await server.send("/api/segments/\(number)/labels", "PUT", ["name": name]).status == 204)
                }
            }
        }
        let job = try await server.finished(server.send("/api/jobs", "POST", ["kind": "train", "above": 0.5]))
        #expect(job["state"] as? String == "done" && job["accuracy"] is Double)
        let labels = try #require(try await server.ask("/api/labels").object["labels"] as? [[String: Any]])
        #expect(labels.map { $0["name"] as? String } == ["grow", "move-left"])
        let classes = try await server.ask("/api/classify", method: "POST", body: server.clip("grow/000.mp4"))
        let part = try #require((classes.object["parts"] as? [[String: Any]])?.first)
        #expect(((part["labels"] as? [[String: Any]])?.first?["label"] as? String) == "grow")
        #expect(try await server.ask("/api/search?label=grow&count=50").moments.isEmpty == false)
        #expect(try await server.ask("/api/health").object["canClassify"] as? Bool == true)
        for (path, method, body) in [
            ("/api/segments/99999/labels", "PUT", ["name": "x"]), ("/api/segments/1/labels", "PUT", ["name": "  "]),
            ("/api/segments/1/labels?name=never", "DELETE", [:]), ("/api/segments/1/labels", "PUT", ["wrong": "x"]),
        ] {
            let answer = try await server.send(path, method, body)
            #expect(answer.status == 400 || answer.status == 404, "\(path)")
        }
        for name in ["grow", "move-left"] {
            for moment in try await server.ask("/api/search?label=\(name)&count=100").moments {
                let number = try #require(moment["segment"] as? Int)
                _ = try await server.ask("/api/segments/\(number)/labels?name=\(name)", method: "DELETE")
            }
        }
    }

    @Test func jobs() async throws {
        let server = try await LiveServer.shared.value
        try FileManager.default.copyItem(
            atPath: server.library + "/grow/000.mp4", toPath: server.library + "/grow/copy.mp4")
        let asked = try await server.send("/api/jobs", "POST", ["kind": "index", "removeMissing": true])
        #expect(asked.status == 202)
        let id = try #require(asked.object["id"] as? Int)
        // The events end with the job.
        let events = String(decoding: try await server.ask("/api/jobs/\(id)/events").body, as: UTF8.self)
        #expect(events.hasPrefix("event: progress\ndata: {") && events.contains("\"state\":\"done\""))
        let state = try await server.ask("/api/jobs/\(id)").object
        #expect(state["indexed"] as? Int == 1 && state["unchanged"] as? Int == 12 && state["failed"] as? Int == 1)
        let failure = try #require((state["failures"] as? [[String: Any]])?.first)
        #expect(failure["file"] as? String == "broken.mp4")
        let copies = try await server.finished(
            server.send("/api/jobs", "POST", ["kind": "duplicates", "probability": 0.5]))
        let groups = try #require(copies["groups"] as? [[String: Any]])
        let names = groups.flatMap { group in
            [(group["keep"] as? [String: Any])?["name"] as? String]
                + ((group["copies"] as? [[String: Any]]) ?? []).map {
                    ($0["video"] as? [String: Any])?["name"] as? String
                }
        }.compactMap(\.self)
        #expect(names.contains("grow/000.mp4") && names.contains("grow/copy.mp4"))
        try FileManager.default.removeItem(atPath: server.library + "/grow/copy.mp4")
        let gone = try await server.finished(
            server.send("/api/jobs", "POST", ["kind": "index", "removeMissing": true]))
        #expect(gone["removed"] as? Int == 1)
        for body: [String: Any] in [
            ["kind": "index", "paths": ["../elsewhere"]], ["kind": "index", "paths": ["/etc"]], ["kind": "dance"], [:],
            ["kind": "duplicates", "probability": 7],
        ] {
            let answer = try await server.send("/api/jobs", "POST", body)
            #expect(answer.status == 400 || answer.status == 404, "\(body)")
        }
    }

    @Test func strangersAreKeptOut() async throws {
        let open = try await LiveServer.shared.value
        let rebound = try await open.ask("/api/health", headers: ["Host": "evil.example:80"])
        #expect(rebound.status == 403)
        let foreign = try await open.ask(
            "/api/jobs", method: "POST", body: Data(#"{"kind":"index"}"#.utf8),
            headers: ["Origin": "https://evil.example"])
        #expect(foreign.status == 403)
        let locked = try await LiveServer.locked.value
        #expect(try await locked.ask("/", shows: false).status == 200)
        for path in ["/api/health", "/api/videos", "/metrics", "/api/videos/1/file"] {
            #expect(try await locked.ask(path, shows: false).status == 401)
            let wrong = try await locked.ask(path, headers: ["Authorization": "Bearer 0123456789abcdeg"], shows: false)
            #expect(wrong.status == 401)
        }
        #expect(try await locked.ask("/api/health").status == 200)
        let session = try await locked.ask("/api/session", method: "POST")
        let cookie = try #require(session.headers["set-cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let pair = String(cookie.prefix { $0 != ";" })
        #expect(try await locked.ask("/api/health", headers: ["Cookie": pair], shows: false).status == 200)
    }

    /// Every route that is described is there, and every route that answered is described.
    @Test func theDescriptionIsTrue() async throws {
        let server = try await LiveServer.shared.value
        let description = try await server.ask("/api/openapi.json").object
        let paths = try #require(description["paths"] as? [String: [String: Any]])
        for (path, methods) in paths {
            for method in methods.keys {
                let place = path.replacingOccurrences(of: "{id}", with: "1") + (method == "delete" ? "?name=never" : "")
                let answer = try await server.ask(
                    place, method: method.uppercased(),
                    body: method == "post" || method == "put" ? Data("{}".utf8) : nil)
                #expect(answer.status != 405, "\(method) \(path)")
                #expect(answer.status != 500, "\(method) \(path): \(answer.message)")
            }
        }
        let text = String(decoding: try await server.ask("/metrics").body, as: UTF8.self)
        for match in text.matches(of: /sora_requests_total\{route="([A-Z]+) ([^"]+)"/)
        where !["none", "NotFound"].contains(match.2) {
            let path = match.2.replacing(":id", with: "{id}").replacing("${id}", with: "{id}")
            let method = match.1 == "HEAD" ? "get" : match.1.lowercased()
            #expect(paths[String(path)]?[method] != nil, "\(match.1) \(match.2) is not described")
        }
    }
}
