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
}
