import Foundation
import Neural
import Testing

/// `sora quantize`, and what other commands make of its models.
@Suite struct QuantizeTests {
    @Test func fromClipsToVectors() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let out = folder + "/int8.safetensors"
        let outcome = try sora("quantize", workspace.model, workspace.clip, workspace.other, "--out", out)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for words in ["convolutions in int8, by the images of 2 clips", "cosine ", "of 2", out] {
            #expect(outcome.output.contains(words), "\(outcome.output)")
        }
        let json = try sora("quantize", workspace.model, workspace.clip, "--out", out, "--json").objects()
        let check = try #require(json.first?["check"] as? [String: Any])
        #expect((check["leastCosine"] as? Double ?? 0) > 0.9 && check["clips"] as? Int == 1)
        let (count, total) = (json.first?["inInt8"] as? Int, json.first?["convolutions"] as? Int)
        #expect(count == total && (count ?? 0) > 0)
        guard OneDNNBackend.hasInt8 else {
            let refused = try sora("embed", out, workspace.clip, "--json", "--precision", "int8")
            #expect(refused.status == 1 && refused.errors.contains("VNNI"), "\(refused.errors)")
            return
        }
        func embedding(_ model: String, _ precision: String) throws -> [Double] {
            let outcome = try sora("embed", model, workspace.clip, "--json", "--precision", precision)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(outcome.objects().first?["embedding"] as? [Double])
        }
        let (bytes, floats) = (try embedding(out, "int8"), try embedding(out, "f32"))
        #expect(bytes != floats && zip(bytes, floats).map { $0 * $1 }.reduce(0, +) > 0.9)
        // The weights are those of the model that it was made from.
        #expect(try embedding(workspace.model, "f32") == floats)
        #expect(try sora("evaluate", out, "--data", workspace.heldOut, "--precision", "int8").status == 0)
    }

    @Test func whatCannotBeIsSaid() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/int8.safetensors"
        let missing = try sora("classify", workspace.model, workspace.clip, "--precision", "int8")
        #expect(missing.status == 1 && missing.errors.contains("'sora quantize'"), "\(missing.errors)")
        let training = try sora("train", "--data", workspace.clips, "--out", out, "--precision", "int8")
        #expect(training.status == 64 && training.errors.contains("'sora quantize'"))
        #expect(try sora("bench", "--train", "--precision", "int8").status == 64)
        #expect(try sora("quantize", workspace.model, workspace.clip, "--out", out, "--share", "2").status == 64)
        #expect(try sora("quantize", workspace.model, workspace.clip, "--out", out, "--clips", "0").status == 64)
        // A bad file is passed over; nothing but bad files leaves no model.
        let some = try sora("quantize", workspace.model, workspace.clip, "/nowhere.mp4", "--out", out)
        #expect(some.status == 1 && some.errors.contains("/nowhere.mp4") && some.output.contains("of 1 clip"))
        #expect(FileManager.default.fileExists(atPath: out))
        let none = try sora("quantize", workspace.model, "/nowhere.mp4", "--out", out + "2")
        #expect(none.status == 1 && !FileManager.default.fileExists(atPath: out + "2"))
    }

    @Test(.enabled(if: OneDNNBackend.hasInt8)) func bench() throws {
        let size = ["--batch", "1", "--frames", "2", "--size", "32", "--runs", "1", "--precision", "int8"]
        let outcome = try sora(["bench", "--profile"] + size)
        #expect(outcome.status == 0 && outcome.output.contains("int8") && outcome.output.contains("bytes, "))
    }
}
