import Foundation
import Testing

/// A bad file in the middle of a list: the others are done, it is reported, and the status at the end is 1.
@Suite struct BatchTests {
    @Test func probe() throws {
        let workspace = try Workspace.shared
        let files = [workspace.clip, workspace.text, workspace.other]
        let outcome = try sora(["probe"] + files)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains(workspace.clip) && outcome.output.contains(workspace.other))
        check(outcome, workspace)
        let json = try sora(["probe", "--json"] + files)
        #expect(json.status == 1)
        try check(json.objects(), files, key: "codec")
    }

    @Test func classify() throws {
        let workspace = try Workspace.shared
        let files = [workspace.clip, workspace.text, workspace.other]
        let outcome = try sora(["classify", workspace.model] + files)
        #expect(outcome.status == 1)
        #expect(outcome.lines.count == 2)
        check(outcome, workspace)
        let json = try sora(["classify", workspace.model, "--json"] + files)
        #expect(json.status == 1)
        try check(json.objects(), files, key: "labels")
    }

    @Test func embed() throws {
        let workspace = try Workspace.shared
        let files = [workspace.clip, workspace.text, workspace.other]
        let out = try workspace.newFolder() + "/vectors.npy"
        let outcome = try sora(["embed", workspace.model, "--out", out] + files)
        #expect(outcome.status == 1)
        check(outcome, workspace)
        #expect(try array(out).header.contains("'shape': (2, 128)"))
        #expect(try lines(out + ".paths.txt") == [workspace.clip, workspace.other])
        let json = try sora(["embed", workspace.model, "--json"] + files)
        #expect(json.status == 1)
        try check(json.objects(), files, key: "embedding")
    }

    private func check(_ outcome: Invocation.Outcome, _ workspace: Workspace) {
        #expect(outcome.errors.contains("sora: \(workspace.text): it is not a video file"))
        #expect(outcome.errors.contains("sora: 1 of 3 files failed"))
        #expect(!outcome.output.contains(workspace.text))
    }

    private func check(_ objects: [[String: Any]], _ files: [String], key: String) throws {
        #expect(objects.map { $0["path"] as? String } == files)
        #expect(objects.map { $0[key] != nil } == [true, false, true])
        #expect((objects[1]["error"] as? String)?.contains("it is not a video file") == true)
    }

    /// Without a model file the one that comes with sora is taken, and it is said; `default` names it.
    @Test func vectorsWithoutAModelFile() throws {
        let workspace = try Workspace.shared
        let outcome = try sora("embed", workspace.clip, workspace.text, workspace.other, "--json")
        #expect(outcome.status == 1 && outcome.errors.contains("default model"))
        #expect(outcome.errors.contains(workspace.text + ": "))
        let rows = try outcome.objects().filter { $0["embedding"] != nil }
        let vectors = rows.compactMap { $0["embedding"] as? [Double] }
        #expect(rows.compactMap { $0["path"] as? String } == [workspace.clip, workspace.other])
        #expect(vectors.allSatisfy { abs($0.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4 })
        let named = try sora("embed", "default", workspace.clip, "--json")
        #expect(named.status == 0 && named.errors.isEmpty, "\(named.errors)")
        #expect(try named.objects().first?["embedding"] as? [Double] == vectors.first)
        #expect(try sora("embed", "default", "--json").status == 64)
        #expect(try sora("info", "default").output.contains("small"))
        let started = try sora(
            ["train", "--data", workspace.clips, "--out", workspace.newFolder() + "/m.safetensors", "--epochs", "1"]
                + ["--weights", "default", "--frames", "4", "--batch", "4"])
        #expect(started.status == 0 && started.errors.contains("default: "), "\(started.errors)")
    }
}
