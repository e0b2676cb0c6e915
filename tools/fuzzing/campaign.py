"""Runs targets, one after another or some at once, and tells what was found; a campaign is written down as a table."""
import concurrent.futures
import dataclasses

from fuzzing import afl, libfuzzer, project

ENGINES = {"libfuzzer": libfuzzer, "afl": afl}


def prepare(engines, target=None):
    for engine in engines:
        ENGINES[engine].prepare(target)


def tell(outcome):
    plan = outcome.plan
    print(f"{plan.target} {plan.engine}: {outcome.executions:,} executions, {outcome.rate:,.0f} a second, "
          f"at most {outcome.peak_mib} MiB, {len(outcome.findings)} findings", flush=True)
    for finding in outcome.findings:
        print(f"  {project.shown(finding.path)}\n    repeat: {finding.repeat}", flush=True)
    if outcome.failure:
        print(outcome.failure, flush=True)


def carry_out(plan):
    outcome = ENGINES[plan.engine].fuzz(plan)
    tell(outcome)
    return outcome


def carry_out_all(plans, at_once):
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(carry_out, plans))


def status(outcomes):
    return 1 if any(outcome.findings or outcome.failure for outcome in outcomes) else 0


def table(outcomes, run_at):
    lines = ["| target | engine | commit | seconds | executions | exec/s | peak RSS, MiB | findings |",
             "|---|---|---|---:|---:|---:|---:|---|"]
    for outcome in outcomes:
        found = ", ".join(f"`{finding.path.name}`" for finding in outcome.findings) or "none"
        lines.append(f"| {outcome.plan.target} | {outcome.plan.engine} | {run_at} | {outcome.plan.seconds} | "
                     f"{outcome.executions:,} | {outcome.rate:,.0f} | {outcome.peak_mib} | "
                     f"{'failed' if outcome.failure else found} |")
    return "\n".join(lines) + "\n"


def main(options, plan):
    prepare(options.engines)
    run_at = project.commit()
    chosen = options.targets or project.targets()
    for target in chosen:
        project.require_target(target)
    plans = [dataclasses.replace(plan, target=target, engine=engine)
             for engine in options.engines for target in chosen]
    outcomes = carry_out_all(plans, options.at_once)
    text = table(outcomes, run_at)
    output = options.output or project.WORK / "campaign.md"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text)
    print(f"\n{text}\nwritten to {project.shown(output)}")
    return status(outcomes)
