import Datasets
import Foundation
import Media
import Testing

@Suite struct PrepareTests {
    /// The workspace's clips, with files that are none, a copy, and a name that no page should run.
    private static let made = Result {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let data = folder + "/data"
        try FileManager.default.copyItem(atPath: workspace.clips, toPath: data)
        try FileManager.default.copyItem(atPath: workspace.text, toPath: data + "/grow/text.mp4")
        try FileManager.default.copyItem(atPath: workspace.empty, toPath: data + "/grow/empty.mp4")
        try FileManager.default.copyItem(
            atPath: data + "/shrink/000.mp4", toPath: data + "/shrink/<img src=x onerror=alert(1)>.mp4")
        return (folder: folder, data: data)
    }

    @Test func badFilesAreNamedAndLeftOut() throws {
        let (folder, data) = try Self.made.get()
        let (out, page) = (folder + "/clips.csv", folder + "/page.html")
        let before = try listing(data)
        let outcome = try sora("prepare", data, "--out", out, "--report", page)
        #expect(outcome.status == 1)
        for words in [
            "error: 2 clips cannot be read", "\(data)/grow/text.mp4: it is not a video file",
            "grow/empty.mp4: the file is empty",
            "1 pair of copies with the same label, exact", "the same file twice",
            "4 classes have fewer than 10 clips",
            "split: Split anew", "left out: 2 that cannot be read, 1 exact copy", "class       train    val   test",
        ] {
            #expect(outcome.output.contains(words), "\(words): \(outcome.output)")
        }
        #expect(try listing(data) == before)
        let manifest = try Manifest(path: out)
        #expect(manifest.items.count == 20 && manifest.items.allSatisfy { $0.part != nil })
        #expect(!manifest.items.contains { $0.path.contains("text.mp4") || $0.path.contains("onerror") })
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img src=x"))
        #expect(html.contains("data:image/jpeg;base64,") && html.contains("2 clips cannot be read"))
        // What was written trains.
        let trained = try sora(
            ["train", "--data", out, "--out", folder + "/m.safetensors", "--epochs", "1"] + Workspace.quick)
        #expect(trained.status == 0, "\(trained.errors)")
    }

    @Test func jsonHoldsAll() throws {
        let (_, data) = try Self.made.get()
        let outcome = try sora("prepare", data, "--json", "--no-cache")
        #expect(outcome.status == 1)
        let object = try #require(try outcome.objects().first)
        #expect(object["clips"] as? Int == 23 && object["usable"] as? Int == 21)
        let problems = try #require(object["problems"] as? [[String: Any]])
        let kinds = problems.compactMap { $0["kind"] as? String }
        #expect(kinds.starts(with: ["unreadable"]) && kinds.contains("copy") && kinds.contains("fewClips"))
        #expect((problems[0]["clips"] as? [[String: String]])?.count == 2)
        let plan = try #require(object["proposal"] as? [String: Any])
        #expect((plan["leftOut"] as? [String])?.count == 3)
    }

    @Test func strictFailsOnAnything() throws {
        let workspace = try Workspace.shared
        let plain = try sora("prepare", workspace.clips)
        #expect(plain.status == 0, "\(plain.output)\(plain.errors)")
        #expect(plain.output.contains("warning: 4 classes have fewer than 10 clips"))
        #expect(try sora("prepare", workspace.clips, "--strict").status == 1)
    }

    @Test func nothingWrongIsALine() throws {
        let folder = try Workspace.shared.newFolder()
        try MotionClips.write(to: folder + "/d", classes: ["grow", "shrink"], clipsPerClass: 10, size: 32, seed: 9)
        let outcome = try sora("prepare", folder + "/d", "--strict")
        #expect(outcome.status == 0)
        #expect(
            outcome.lines.count == 1 && outcome.lines[0].contains("nothing is wrong with it: 20 clips in 2 classes"))
    }

    @Test func aKilledRunGoesOn() throws {
        let folder = try Workspace.shared.newFolder()
        try MotionClips.write(
            to: folder + "/d", classes: ["grow", "shrink"], clipsPerClass: 12, frames: 48, size: 128, seed: 9)
        let cache = folder + "/cache.jsonl"
        let run = try Invocation(["prepare", folder + "/d", "--cache", cache])
        let end = Date(timeIntervalSinceNow: 30)
        while Date() < end, (try? bytes(cache).count) ?? 0 == 0 { Thread.sleep(forTimeInterval: 0.002) }
        run.send(SIGKILL)
        _ = try run.finish()
        let known = try lines(cache).count
        #expect(known > 0)
        let resumed = try sora("prepare", folder + "/d", "--cache", cache, "--json")
        #expect(resumed.status == 0)
        let fresh = try sora("prepare", folder + "/d", "--no-cache", "--json")
        #expect(resumed.output == fresh.output)
        #expect(try lines(cache).count == 24 || known == 24)
    }

    @Test func placesThatAreRefused() throws {
        let workspace = try Workspace.shared
        for arguments in [
            ["--out", workspace.clips + "/x.csv"], ["--report", workspace.clips + "/grow/x.html"],
            ["--cache", workspace.clips + "/c"],
        ] {
            let outcome = try sora(["prepare", workspace.clips] + arguments)
            #expect(outcome.status == 1 && outcome.errors.contains("originals are never touched"), "\(outcome.errors)")
        }
        for (arguments, words) in [
            (["--out", "x.txt"], "--out is a .csv file"), (["--report", "x.pdf"], "--report is an .html file"),
            (["--validation", "0.6", "--test", "0.5"], "must leave some clips"),
            (["--similarity", "2"], "--similarity"),
        ] {
            let outcome = try sora(["prepare", workspace.clips] + arguments)
            #expect(outcome.status == 64 && outcome.errors.contains(words))
        }
        let missing = try sora("prepare", workspace.missing)
        #expect(missing.status == 1 && missing.errors.contains(workspace.missing))
        let column = try sora(
            "prepare", workspace.clips, "--group-by", "scene_id", "--out", workspace.folder + "/c.csv")
        #expect(column.status == 1 && column.errors.contains("scene_id"))
    }

    @Test func aModelsVectorsFindCopiesToo() throws {
        let workspace = try Workspace.shared
        let (_, data) = try Self.made.get()
        let outcome = try sora("prepare", data, "--model", workspace.model, "--similarity", "1", "--json")
        let object = try #require(try outcome.objects().first)
        #expect((object["comparedBy"] as? String)?.contains(workspace.model) == true)
        // A copy whose frames differ a little, which the file alone does not tell.
        let folder = try workspace.newFolder()
        try FileManager.default.copyItem(atPath: workspace.clips, toPath: folder + "/d")
        let decoded = try VideoReader(path: workspace.clips + "/grow/002.mp4").read(FrameRequest(sampling: .all))
        let encoder = try VideoEncoder(
            path: folder + "/d/grow/again.mp4", width: decoded.width, height: decoded.height,
            options: .init(quality: 0.4))
        try encoder.append(contentsOf: decoded)
        try encoder.finish()
        let found = try sora("prepare", folder + "/d", "--model", workspace.model, "--similarity", "0.98", "--json")
        let problems = try #require(try found.objects().first?["problems"] as? [[String: Any]])
        let pairs = problems.flatMap { $0["pairs"] as? [[String: Any]] ?? [] }
            .map {
                Set(
                    [$0["first"], $0["second"]].compactMap {
                        ($0 as? String)?.split(separator: "/").last.map(String.init)
                    })
            }
        #expect(pairs.contains(["002.mp4", "again.mp4"]), "\(pairs)")
    }

    /// Rows that cannot all be right are reported, not refused; so is a class without videos.
    @Test func contradictionsAreReported() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        var text = "path,label,split\n"
        for clip in 0..<5 {
            text +=
                "\(workspace.clips)/grow/00\(clip).mp4,grow,train\n\(workspace.clips)/shrink/00\(clip).mp4,shrink,train\n"
        }
        text += "\(workspace.clips)/grow/001.mp4,grow,test\n\(workspace.clips)/grow/002.mp4,shrink,train\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/clips.csv"))
        let outcome = try sora("prepare", folder + "/clips.csv", "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let problems = try #require(try outcome.objects().first?["problems"] as? [[String: Any]])
        #expect(problems.prefix(2).compactMap { $0["kind"] as? String } == ["copyAcrossSplit", "copyAcrossClasses"])
        let trained = try sora(
            ["train", "--data", folder + "/clips.csv", "--out", folder + "/m.safetensors"] + Workspace.quick)
        #expect(trained.status == 1 && trained.errors.contains("another part of the split"), "\(trained.errors)")
        try FileManager.default.copyItem(atPath: workspace.clips, toPath: folder + "/d")
        try FileManager.default.createDirectory(atPath: folder + "/d/none", withIntermediateDirectories: true)
        let empty = try sora("prepare", folder + "/d")
        #expect(empty.status == 0 && empty.output.contains("none (0)"), "\(empty.output)\(empty.errors)")
        #expect(
            try sora(["train", "--data", folder + "/d", "--out", folder + "/m.safetensors"] + Workspace.quick).status
                == 1)
    }

    /// All files below a folder, with their sizes and times of change.
    private func listing(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return "\(name) \(attributes[.size] ?? 0) \(attributes[.modificationDate] ?? 0)"
        }
    }
}
