import { describe, expect, it } from "vitest";
import { NoticeStore } from "../src/notices.js";

const memory = () => {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};
const browser = (permission: NotificationPermission, answer: NotificationPermission = permission) => ({
  permission,
  asked: 0,
  requestPermission(): Promise<NotificationPermission> {
    this.asked++;
    this.permission = answer;
    return Promise.resolve(answer);
  },
});

describe("the switch for notices", () => {
  it("is off and asks nobody before it is switched on, and stays on over visits", async () => {
    const [storage, person] = [memory(), browser("default", "granted")];
    const notices = new NoticeStore(storage, person);
    expect([notices.get(), person.asked]).toEqual(["off", 0]);
    await notices.switchOn();
    expect([notices.get(), person.asked]).toEqual(["on", 1]);
    const later = new NoticeStore(storage, person);
    expect(later.get()).toBe("on");
    later.switchOff();
    expect(new NoticeStore(storage, person).get()).toBe("off");
  });

  it("tells a refusal from no answer, and keeps neither", async () => {
    for (const [answer, state] of [["denied", "refused"], ["default", "unanswered"]] as const) {
      const storage = memory();
      const notices = new NoticeStore(storage, browser("default", answer));
      await notices.switchOn();
      expect(notices.get()).toBe(state);
      expect(new NoticeStore(storage, browser("granted")).get()).toBe("off");
    }
  });

  it("follows the browser where that took its permission back", async () => {
    const storage = memory();
    await new NoticeStore(storage, browser("granted")).switchOn();
    expect([browser("denied"), browser("default"), browser("granted")].map((one) => new NoticeStore(storage, one).get())).toEqual(["refused", "off", "on"]);
  });
});
