from lmkit.grading import sandbox, sandbox_problem


def test_a_machine_without_bubblewrap_is_told_to_install_it(monkeypatch):
    sandbox_problem.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert sandbox_problem() == "install bubblewrap"
    sandbox_problem.cache_clear()


def test_a_bubblewrap_that_does_not_start_is_named(monkeypatch):
    sandbox_problem.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(sandbox, "sandbox_command", lambda *_: ["sh", "-c", "echo no namespaces >&2; exit 1"])
    assert sandbox_problem() == "bubblewrap is installed but does not start: no namespaces"
    sandbox_problem.cache_clear()
